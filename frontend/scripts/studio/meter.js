/** The bar of the microphone's level with its verdict in words, and what the studio says. */
const LOWEST_DB = -60;
const HELD_MS = 1200;

export function say(name, values = {}) {
  const text = document.getElementById("studio-words")?.dataset[camel(name)] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

function camel(name) {
  return name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

const TONES = { good: "ok", ready: "note", "no-signal": "bad", "too-quiet": "warn", "too-loud": "bad", off: "plain" };

export class Meter {
  constructor(box) {
    this.box = box;
    this.rms = box.querySelector("[data-rms]");
    this.peak = box.querySelector("[data-peak]");
    this.words = box.querySelector("[data-level] span");
    this.held = LOWEST_DB;
    this.heldAt = 0;
  }

  /** ``level`` as Microphone tells it; null when it is off. */
  show(level) {
    const now = performance.now();
    if (!level) this.held = LOWEST_DB;
    else if (level.peak >= this.held || now - this.heldAt > HELD_MS) { this.held = level.peak; this.heldAt = now; }
    this.rms.style.width = share(level?.rms ?? LOWEST_DB);
    this.peak.style.left = share(this.held);
    const verdict = level?.verdict ?? "off";
    if (verdict === this.verdict) return;
    this.verdict = verdict;
    this.box.dataset.verdict = verdict;
    this.box.className = `meter tone-${TONES[verdict]}`;
    this.words.textContent = say(verdict);
  }
}

function share(level) {
  return `${Math.max(0, Math.min(100, (100 * (level - LOWEST_DB)) / -LOWEST_DB))}%`;
}
