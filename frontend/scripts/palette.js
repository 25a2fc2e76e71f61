/**
 * Everything by keyboard: Ctrl K or / opens the palette, ? the list of shortcuts, g and a letter
 * lead to a page. Single keys can be turned off, and never count while somebody types.
 */
import { csrfToken } from "./live.js";

const OFF = "vang:single-keys";
const AFTER_G_MS = 1500;
let afterG = 0;

const palette = () => document.getElementById("palette");
const options = () => [...palette().querySelectorAll("[data-url]")];

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function singleKeys() {
  try { return localStorage.getItem(OFF) !== "off"; } catch { return true; }
}

function open() {
  const dialog = palette();
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const field = dialog.querySelector("input");
  field.select();
  field.dispatchEvent(new CustomEvent("vang:open"));
}

function choose(line) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === line));
  const field = palette().querySelector("input");
  if (line) field.setAttribute("aria-activedescendant", line.id);
  else field.removeAttribute("aria-activedescendant");
  line?.scrollIntoView({ block: "nearest" });
}

function go(line) {
  if (!line) return;
  palette().close();
  location.assign(line.dataset.url);
}

function inPalette(event) {
  const lines = options();
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && lines.length) {
    event.preventDefault();
    choose(lines[(at + step + lines.length) % lines.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(lines[at]);
  }
}

function letter(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !singleKeys()) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "/") { event.preventDefault(); return open(); }
  if (event.key === "?") return document.getElementById("shortcuts")?.showModal();
  if (event.key === "g") { afterG = Date.now(); return; }
  if (Date.now() - afterG < AFTER_G_MS) {
    afterG = 0;
    document.querySelector(`#shortcuts [data-key="${CSS.escape(event.key)}"]`)?.click();
  }
}

function pressed(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return open();
  }
  if (palette()?.open) return inPalette(event);
  letter(event);
}

/** The page of one thing tells that it was opened, once it stands. */
function noteOpened() {
  const url = document.body.dataset.opened;
  if (!url) return;
  fetch(url, {
    method: "POST",
    keepalive: true,
    headers: { "X-CSRFToken": csrfToken() },
    body: new URLSearchParams({ path: location.pathname }),
  }).catch(() => {}); // a list of recent things is not worth a complaint
}

document.addEventListener("keydown", pressed);
document.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "palette-list") choose(options()[0]); });
document.addEventListener("click", (event) => {
  const line = event.target.closest("#palette [data-url]");
  if (line) go(line);
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-single-keys]"))
    try { localStorage.setItem(OFF, target.checked ? "on" : "off"); } catch { /* then they stay on */ }
});
for (const box of document.querySelectorAll("[data-single-keys]")) box.checked = singleKeys();
noteOpened();
