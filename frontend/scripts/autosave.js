/**
 * Nothing typed is ever lost.
 *
 * <form data-autosave-url="…" data-autosave-key="bulletin-12"> is posted every 10 s while it has
 * changes and when a field is left. Until the server has said yes, a copy stays on this computer,
 * under the key and the signed-in person; it is offered again on the next visit to the page.
 * The server answers 2xx (kept), 409 (someone else changed it), 401/403 or a redirect (signed out),
 * anything else (not kept). An answer header X-Version replaces the field named "version"; an answer in JSON may
 * bring "fields" by name. Fields with data-stood say what stood there before: they are kept along, and are no change.
 * data-autosave-answered: the form came back from the server with what was sent, and is not saved yet.
 * Where the line was just lost, a form that is sent stays in its page.
 */
import { toast } from "./panels.js";
import { clockTime, dayAndTime, word } from "./words.js";

const EVERY_MS = 10_000;
const SENT = "vang:sent-form";
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version", "ticket"]);

function keyOf(form) {
  return `vang:${document.body.dataset.person ?? ""}:${form.dataset.autosaveKey || location.pathname}`;
}

/**
 * A copy whose form was sent is dropped on the page that answers it, unless that page is the sign-in, an error or
 * the form again. A page opened otherwise proves nothing: the line may have broken.
 */
export function settle() {
  const [key, from] = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  if (!key) return;
  sessionStorage.removeItem(SENT);
  const again = [...document.querySelectorAll("form[data-autosave-url]")].some((form) => keyOf(form) === key);
  const refused = !document.body.dataset.person || document.querySelector(".error-code");
  if (document.referrer === from && !again && !refused) localStorage.removeItem(key);
}

const here = () => location.href.split("#")[0];

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.key = keyOf(form);
    this.answered = "autosaveAnswered" in form.dataset;
    this.saved = this.answered ? "" : this.snapshot();
    this.leaving = false;
    this.sending = null;
    this.lost = false;
    this.reached = false;
  }

  fields() {
    const pairs = [];
    for (const [name, value] of new FormData(this.form))
      if (typeof value === "string" && !NOT_KEPT.has(name)) pairs.push([name, value]);
    return pairs;
  }

  typed(fields) { return JSON.stringify(fields.filter(([name]) => this.form.elements[name]?.dataset?.stood === undefined)); }
  snapshot() { return this.typed(this.fields()); }
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
      this.lost = false;
      const { fields = {} } = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      for (const [name, value] of Object.entries(fields))
        if (this.form.elements[name]) this.form.elements[name].value = value;
      this.told(answer, sent);
    } catch {
      this.lost = true;
      this.say("offline", {}, true);
    }
  }

  told(answer, sent) {
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

  /** Where the line was lost it is tried first: the browser's own error page would take the place of this one. */
  async submitted(event) {
    const { submitter } = event;
    if (event.defaultPrevented) return;
    if (this.reached || (!this.lost && navigator.onLine)) return this.leave();
    event.preventDefault();
    await this.send();
    if (this.lost) return toast(word("offline"), "bad");
    this.reached = true;
    this.form.requestSubmit(submitter);
  }

  leave() {
    this.reached = false;
    this.leaving = true;
    sessionStorage.setItem(SENT, JSON.stringify([this.key, here()]));
  }

  /** What the server keeps of it ([data-kept-at], seconds) is older than this copy: one of the two is offered. */
  older(copy) {
    const kept = document.querySelector("[data-kept-at]");
    return kept && Number(kept.dataset.keptAt) * 1000 <= copy.at ? kept : null;
  }

  offer() {
    const copy = this.remembered();
    if (!copy || this.typed(copy.fields) === this.saved) return this.forget();
    const template = document.getElementById("restore-notice");
    const notice = template.content.firstElementChild.cloneNode(true);
    const older = this.older(copy);
    if (older) older.hidden = true;
    notice.querySelector("[data-when]").textContent =
      word("restoreWhen", { time: dayAndTime(new Date(copy.at)) });
    notice.querySelector("[data-restore]").addEventListener("click", () => {
      this.restore(copy.fields);
      notice.remove();
    });
    notice.querySelector("[data-discard]").addEventListener("click", () => {
      this.forget();
      notice.remove();
      if (older) older.hidden = false;
    });
    Element.prototype.before.call(this.form, notice); // a field may be named “before”
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
    if (this.answered) this.changed();
    else this.offer();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("focusout", () => this.save());
    this.form.addEventListener("submit", (event) => this.submitted(event));
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
