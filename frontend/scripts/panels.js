/** Dialogs, menus, tabs, toasts and copy buttons. Without this file links to #id still open dialogs. */
import { word } from "./words.js";

function openDialog(event) {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
}

function closeDialog(event) {
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  } else if (event.target instanceof HTMLDialogElement && event.target.open) {
    event.target.close(); // the ground behind a dialog belongs to the dialog element
  }
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
}

function escape(event) {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  toast(word("copied"), "ok");
}

/** data-seek="12300": the page's sound from there on (ms). */
function seek(event) {
  const button = event.target.closest("[data-seek]");
  const sound = button && document.querySelector("main audio");
  if (!sound) return;
  sound.currentTime = Math.max(0, Number(button.dataset.seek) / 1000 - 0.5);
  sound.play();
}

/** kind: ok, note, warn, bad. Also: response header HX-Trigger: {"vang:toast": {"text": …, "kind": …, "undo": …}}. */
export function toast(text, kind = "note", undo = "") {
  const box = document.getElementById("toasts");
  const template = document.getElementById(`toast-${kind}`);
  if (!box || !template) return;
  const card = template.content.firstElementChild.cloneNode(true);
  card.querySelector("p").textContent = text;
  card.querySelector("button").addEventListener("click", () => card.remove());
  if (undo) card.querySelector("p").after(undoForm(undo));
  box.append(card);
  if (kind === "ok" || kind === "note") setTimeout(() => card.remove(), undo ? 30_000 : 8000);
}

/** The token of vang.base.undo.offer, to take back what an answer without a new page has done. */
function undoForm(token) {
  const form = document.getElementById("toast-undo").content.firstElementChild.cloneNode(true);
  form.elements.token.value = token;
  form.elements.next.value = location.pathname + location.search;
  return form;
}

/** [data-tabs] holds <section aria-label>; they lie below each other until this makes tabs of them. */
function makeTabs(box, index) {
  const panels = [...box.querySelectorAll(":scope > section")];
  const list = Object.assign(document.createElement("div"), { className: "tabs" });
  list.setAttribute("role", "tablist");
  const buttons = panels.map((panel, i) => tabFor(panel, `tab-${index}-${i}`));
  const show = (n) => {
    panels.forEach((panel, i) => { panel.hidden = i !== n; });
    buttons.forEach((button, i) => {
      button.setAttribute("aria-selected", String(i === n));
      button.tabIndex = i === n ? 0 : -1;
    });
  };
  buttons.forEach((button, i) => button.addEventListener("click", () => show(i)));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    show(next);
    buttons[next].focus();
  });
  list.append(...buttons);
  box.prepend(list);
  show(0);
}

function tabFor(panel, id) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", id, textContent: panel.getAttribute("aria-label") });
  button.setAttribute("role", "tab");
  panel.id ||= `${id}-panel`;
  panel.setAttribute("role", "tabpanel");
  panel.removeAttribute("aria-label");
  panel.setAttribute("aria-labelledby", id);
  button.setAttribute("aria-controls", panel.id);
  return button;
}

/** On a narrow screen the chosen tab may lie beyond the edge. */
function showTab(tabs) {
  const chosen = tabs.querySelector("[aria-current]");
  if (chosen && tabs.scrollWidth > tabs.clientWidth)
    tabs.scrollLeft = chosen.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - chosen.offsetWidth) / 2;
}

export function start(root) {
  root.querySelectorAll("nav.tabs").forEach(showTab);
  [...root.querySelectorAll("[data-tabs]:not([data-on])")].forEach((box, index) => {
    box.dataset.on = "1";
    makeTabs(box, index);
  });
  for (const button of root.querySelectorAll("[data-copy][hidden], [data-print][hidden], [data-seek][hidden]")) button.hidden = false;
}

document.addEventListener("click", openDialog);
document.addEventListener("click", closeDialog);
document.addEventListener("click", closeMenus);
document.addEventListener("click", copy);
document.addEventListener("click", seek);
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
document.addEventListener("keydown", escape);
document.addEventListener("vang:toast", ({ detail }) => toast(detail.text, detail.kind, detail.undo));
document.addEventListener("htmx:responseError", () => toast(word("failed"), "bad"));
document.addEventListener("htmx:sendError", () => toast(word("offline"), "bad"));
