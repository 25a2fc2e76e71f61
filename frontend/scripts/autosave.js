/**
 * Nothing typed is ever lost.
 *
 * <form data-autosave-url="…" data-autosave-key="bulletin-12"> is posted every 10 s while it has
 * changes and when a field is left. Until the server has said yes, a copy stays on this computer,
 * under the key and the signed-in person; it is offered again on the next visit to the page.
 * The server answers 2xx (kept), 409 (someone else changed it), 401/403 or a redirect (signed out),
 * anything else (not kept). An answer header X-Version replaces the field named "version".
 */
import { clockTime, dayAndTime, word } from "./words.js";

const EVERY_MS = 10_000;
const SENT = "vang:sent";
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version"]);

function keyOf(form) {
  return `vang:${document.body.dataset.person ?? ""}:${form.dataset.autosaveKey || location.pathname}`;
}

/** A copy whose form was sent is dropped on the next page, unless that page is the sign-in, an error or the form again. */
export function settle() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  const again = [...document.querySelectorAll("form[data-autosave-url]")].some((form) => keyOf(form) === key);
  const refused = !document.body.dataset.person || document.querySelector(".error-code");
  if (!again && !refused) localStorage.removeItem(key);
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.key = keyOf(form);
    this.saved = this.snapshot();
    this.leaving = false;
    this.sending = null;
  }

  fields() {
    const pairs = [];
    for (const [name, value] of new FormData(this.form))
      if (typeof value === "string" && !NOT_KEPT.has(name)) pairs.push([name, value]);
    return pairs;
  }

  snapshot() { return JSON.stringify(this.fields()); }
  get dirty() { return this.snapshot() !== this.saved; }

  remember() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields: this.fields() }));
    } catch { /* a full or forbidden store must not stop the typing; the server still has its copy */ }
  }

  forget() { try { localStorage.removeItem(this.key); } catch { /* as above */ } }

  remembered() {
    try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
  }

  say(name, values, bad = false) {
    const line = this.form.querySelector("[data-autosave-status]");
    if (!line) return;
    line.textContent = word(name, values);
    line.classList.toggle("saved-bad", bad);
  }

  changed() { this.remember(); this.say("unsaved"); }

  async save() {
    if (!this.dirty || this.sending || this.leaving) return this.sending;
    this.sending = this.send().finally(() => { this.sending = null; });
    return this.sending;
  }

  async send() {
    const sent = this.snapshot();
    this.say("saving");
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(this.url, {
        method: "POST", body, redirect: "manual", credentials: "same-origin",
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      this.answered(answer, sent);
    } catch { this.say("offline", {}, true); }
  }

  answered(answer, sent) {
    if (answer.ok) return this.kept(answer, sent);
    const signedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    if (signedOut) return this.say("signedOut", {}, true);
    return this.say(answer.status === 409 ? "conflict" : "notSaved", {}, true);
  }

  kept(answer, sent) {
    const version = answer.headers.get("X-Version");
    if (version && this.form.elements.version) this.form.elements.version.value = version;
    this.saved = sent;
    if (!this.dirty) this.forget();
    this.say("saved", { time: clockTime(new Date()) });
  }

  offer() {
    const copy = this.remembered();
    if (!copy || JSON.stringify(copy.fields) === this.saved) return this.forget();
    const template = document.getElementById("restore-notice");
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.querySelector("[data-when]").textContent =
      word("restoreWhen", { time: dayAndTime(new Date(copy.at)) });
    notice.querySelector("[data-restore]").addEventListener("click", () => {
      this.restore(copy.fields);
      notice.remove();
    });
    notice.querySelector("[data-discard]").addEventListener("click", () => {
      this.forget();
      notice.remove();
    });
    this.form.before(notice);
  }

  restore(fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const control of this.form.elements) {
      if (!control.name || NOT_KEPT.has(control.name) || control.type === "file") continue;
      const wanted = values.get(control.name) ?? [];
      if (control.type === "checkbox" || control.type === "radio")
        control.checked = wanted.includes(control.value);
      else if (control.type === "select-multiple")
        for (const option of control.options) option.selected = wanted.includes(option.value);
      else if (wanted.length) control.value = wanted[0];
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.changed();
  }

  start() {
    this.offer();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("focusout", () => this.save());
    this.form.addEventListener("submit", () => {
      this.leaving = true;
      sessionStorage.setItem(SENT, this.key);
    });
    this.form.addEventListener("vang:unsent", () => { this.leaving = false; });
    addEventListener("pageshow", () => { this.leaving = false; });
    addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.dirty) event.preventDefault();
    });
    setInterval(() => this.save(), EVERY_MS);
  }
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-autosave-url]:not([data-autosave-on])")) {
    form.dataset.autosaveOn = "";
    new Draft(form).start();
  }
}
