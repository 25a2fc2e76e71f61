/** Hearing a sentence while it is written, marking words beside the text, taking over proposals. */
import { csrfToken } from "./live.js";

let context = null;
let playing = null;

async function play(url, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  context ??= new AudioContext();
  context.resume();
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
  if (!answer.ok) throw new Error(String(answer.status));
  const buffer = await context.decodeAudioData(await answer.arrayBuffer());
  try { playing?.stop(); } catch { /* it was over */ }
  playing = new AudioBufferSourceNode(context, { buffer });
  playing.connect(context.destination);
  playing.start();
}

/** The chosen words, or the sentence around the cursor. */
function sentenceAt(field) {
  const { value, selectionStart: from, selectionEnd: to } = field;
  if (from !== to) return value.slice(from, to);
  const before = value.slice(0, from).search(/[^.!?\n]*$/);
  const after = value.slice(from).search(/[.!?](\s|$)|\n/);
  return value.slice(before, after < 0 ? value.length : from + after + 1).trim();
}

function tell(text) {
  const line = document.querySelector("[data-try-words]");
  if (line) line.textContent = text;
}

function addMark(words, sign) {
  const marks = document.getElementById("id_marks");
  if (!marks) return;
  marks.closest("details").open = true;
  const lead = marks.value && !marks.value.endsWith("\n") ? "\n" : "";
  const line = sign === "=" || sign === "~" ? `${words} ${sign} ` : `${words} ${sign}`;
  marks.value += lead + line;
  marks.dispatchEvent(new Event("input", { bubbles: true }));
  marks.focus();
  marks.setSelectionRange(marks.value.length, marks.value.length);
}

async function clicked(event) {
  const button = event.target.closest("[data-try], [data-mark], [data-apply], [data-mark-words], [data-try-text]");
  const text = document.getElementById("id_text");
  if (!button) return;
  const words = document.querySelector("[data-try-words]")?.dataset ?? {};
  if (button.dataset.apply !== undefined) return apply(text, button.dataset);
  if (button.dataset.markWords) return addMark(button.dataset.markWords, "=");
  if (button.dataset.mark) {
    const chosen = text.value.slice(text.selectionStart, text.selectionEnd).trim().replace(/\s+/g, " ");
    return chosen ? addMark(chosen, button.dataset.mark) : tell(words.select);
  }
  button.classList.add("htmx-request");
  try {
    if (button.dataset.tryText) await play(button.dataset.url, { text: button.dataset.tryText, ...(button.dataset.literal ? { literal: "1" } : {}) });
    else {
      const form = button.form;
      const fields = Object.fromEntries(["marks", "voice", "pace"].map((name) => [name, form.elements[name]?.value ?? ""]));
      await play(button.dataset.try, { text: sentenceAt(text), ...fields });
    }
  } catch { tell(words.failed); }
  button.classList.remove("htmx-request");
}

function apply(text, { apply: words, better }) {
  const at = text.value.indexOf(words);
  if (at < 0) return;
  text.setRangeText(better, at, at + words.length, "select");
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start(root) {
  for (const element of root.querySelectorAll("[data-reading][hidden], [data-try-text][hidden]")) element.hidden = false;
}

document.addEventListener("click", clicked);
