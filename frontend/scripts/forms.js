/** Small comforts of forms; every one of them works without this file too. */
import { word } from "./words.js";
import { toast } from "./panels.js";

const number = new Intl.NumberFormat("vi-VN");

function count(line) {
  const field = document.getElementById(line.dataset.counts);
  if (!field) return;
  const most = Number(line.dataset.most);
  const show = () => {
    const used = [...field.value].length;
    line.textContent = most
      ? word("counter", { used: number.format(used), most: number.format(most) })
      : word("counterFree", { used: number.format(used) });
    line.classList.toggle("counter-over", Boolean(most) && used > most);
  };
  field.addEventListener("input", show);
  show();
}

function takeDrops(zone) {
  const input = zone.querySelector("input[type=file]");
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("drop-over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  zone.querySelector("[data-drop-hint]")?.removeAttribute("hidden");
}

function markChoices(group) {
  const show = () => {
    for (const choice of group.querySelectorAll(".choice"))
      choice.classList.toggle("choice-picked", choice.querySelector("input").checked);
  };
  group.addEventListener("change", show);
  show();
}

function tickAll(button) {
  const boxes = () => button.closest("fieldset").querySelectorAll("input[type=checkbox]:not(:disabled)");
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    for (const box of boxes()) box.checked = button.dataset.tick === "all";
    boxes()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** A second tap on a slow line must not send the form twice. */
function sendOnce(event) {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 5000); // an answer that is a file leaves the page here
}

/** A dead line must not swallow what was typed: <form data-sure> is sent once somebody answers. */
async function askFirst(event) {
  const form = event.target;
  if (!form.matches?.("form[data-sure]") || event.defaultPrevented || form.dataset.answered) return;
  event.preventDefault();
  const { submitter } = event;
  try {
    await fetch("/health", { cache: "no-store" });
  } catch {
    return toast(word("unreached"), "bad");
  }
  form.dataset.answered = "1";
  form.requestSubmit(submitter);
  delete form.dataset.answered;
}

function sendOnChange(control) {
  control.addEventListener("change", () => control.form.requestSubmit());
}

const ONCE = [
  ["[data-counts]", count],
  ["[data-drop]", takeDrops],
  [".choices", markChoices],
  ["[data-tick]", tickAll],
  ["[data-send-on-change]", sendOnChange],
];

export function start(root) {
  for (const [selector, enhance] of ONCE)
    for (const element of root.querySelectorAll(selector)) {
      if (element.dataset.on) continue;
      element.dataset.on = "1";
      enhance(element);
    }
}

document.addEventListener("submit", askFirst);
document.addEventListener("submit", sendOnce);
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
