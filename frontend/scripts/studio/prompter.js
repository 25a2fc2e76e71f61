/** The text before the reader: large letters, the sentence to read in the middle of the view. */
const SIZES = [1.25, 1.5, 1.875, 2.25, 2.75];
const REMEMBERED = "vang:prompter-size";

export class Prompter {
  /** ``onChoose(n)`` when the reader taps a sentence. */
  constructor(list, onChoose) {
    this.list = list;
    this.onChoose = onChoose;
    this.at = 0;
    this.size = Number(localStorage.getItem(REMEMBERED) ?? 1);
    this.resize(0);
    list.addEventListener("click", (event) => {
      const line = event.target.closest("li");
      if (line) this.onChoose(Number(line.value) - 1);
    });
  }

  fill(lines) {
    this.list.replaceChildren(...lines.map((text, n) => {
      const line = document.createElement("li");
      line.value = n + 1;
      line.append(Object.assign(document.createElement("span"), { className: "prompter-text", textContent: text }));
      line.append(Object.assign(document.createElement("span"), { className: "prompter-state" }));
      return line;
    }));
    this.lines = lines;
    this.show(Math.min(this.at, lines.length - 1));
  }

  show(n) {
    this.at = n;
    [...this.list.children].forEach((line, at) => {
      line.classList.toggle("prompter-now", at === n);
      if (at === n) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    });
    const now = this.list.children[n];
    if (!now) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = now.offsetTop - this.list.clientHeight / 2 + Math.min(now.clientHeight, this.list.clientHeight) / 2;
    this.list.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  }

  mark(n, words, tone) {
    const line = this.list.children[n];
    line.dataset.tone = tone;
    line.querySelector(".prompter-state").textContent = words;
  }

  resize(step) {
    this.size = Math.max(0, Math.min(SIZES.length - 1, this.size + step));
    this.list.style.fontSize = `${SIZES[this.size]}rem`;
    localStorage.setItem(REMEMBERED, this.size);
  }

  /** Let the sentences go by at ``syllables`` a second, as read() tells, until stopped. */
  run(speed) {
    const advance = () => {
      const words = this.lines[this.at]?.split(/\s+/).length ?? 1;
      this.timer = setTimeout(() => {
        if (this.at + 1 < this.lines.length) { this.show(this.at + 1); advance(); }
      }, (1000 * words) / speed() + 500);
    };
    this.rest();
    this.advance = advance;
    advance();
  }

  /** The reader is faster than the text: the next sentence, and time counts anew. */
  hurry(step) {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.show(Math.max(0, Math.min(this.lines.length - 1, this.at + step)));
    this.advance();
  }

  rest() {
    clearTimeout(this.timer);
    this.timer = null;
  }
}
