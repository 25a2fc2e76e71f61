/** Marking some words of a text offers to say something about exactly these. */
const MOST = 500;

function marked() {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const at = range.commonAncestorContainer;
  const text = (at.nodeType === Node.TEXT_NODE ? at.parentElement : at).closest("[data-passages]");
  const quote = selection.toString().trim();
  if (!text || !quote || [...quote].length > MOST) return null;
  return { quote, wording: text.dataset.passages, near: lengthBefore(text, range) };
}

/** Characters of the text itself before the marked words: the signs between are not among them. */
function lengthBefore(text, range) {
  const before = range.cloneRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const copy = before.cloneContents();
  for (const sign of copy.querySelectorAll(".passage-ask")) sign.remove();
  return copy.textContent.length;
}

function offer(button) {
  const say = document.getElementById("say");
  let chosen = null;
  document.addEventListener("selectionchange", () => {
    const now = marked();
    if (now) chosen = now;
    button.hidden = !now;
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the marking
  button.addEventListener("click", () => {
    if (!chosen) return;
    const form = say.querySelector("form");
    say.open = true;
    for (const name of ["quote", "wording", "near"]) form.elements[name].value = chosen[name];
    button.hidden = true;
    getSelection().removeAllRanges();
    form.elements.text.focus();
  });
}

export function start(root) {
  for (const button of root.querySelectorAll("[data-say]")) {
    if (button.dataset.on) continue;
    button.dataset.on = "1";
    offer(button);
  }
}
