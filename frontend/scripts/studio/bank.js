/** The phrase bank: one phrase after the other, space bar to record, stop and go on. */
import { Meter, say } from "./meter.js";
import { Microphone, obstacle } from "./microphone.js";
import { Outbox, answer, post } from "./outbox.js";
import { unable } from "./take.js";
import { Waveform, decoded } from "./waveform.js";

const LISTENS_AGAIN_MS = 8000;

function told(name, values = {}) {
  const text = document.getElementById("bank-words").dataset[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

class Bank {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.meter = new Meter(this.find("meter"));
    this.microphone = new Microphone((level) => this.meter.show(level));
    this.wave = new Waveform(document.createElement("canvas"));
    this.local = new Map(); // phrase key → blob recorded here
    this.items = [];
    this.at = 0;
    this.outbox = new Outbox({
      clipsUrl: root.dataset.clips, unit: root.dataset.unit, subject: root.dataset.subject,
      onChange: (state) => this.tellSending(state),
      deliver: (entry, clip) => this.deliver(entry, clip),
      onRefused: (entry, message) => this.tell("outbox", message, true),
      onSignedOut: () => this.tell("outbox", say("signed-out"), true),
    });
  }

  async start() {
    this.root.hidden = false;
    await this.load();
    const first = this.items.findIndex((item) => this.isOpen(item));
    this.choose(Math.max(0, first));
    this.listen();
    this.outbox.resume();
    setInterval(() => { if (this.items.some((item) => item.recorded?.check === "WAITING")) this.load(); }, LISTENS_AGAIN_MS);
  }

  async load() {
    try {
      const state = await answer(await fetch(this.root.dataset.state, { redirect: "manual" }));
      const key = this.item?.key;
      this.items = state.items;
      const again = this.items.findIndex((item) => item.key === key);
      if (again >= 0) this.at = again;
      this.show();
    } catch { /* the next look will do */ }
  }

  get item() { return this.items[this.at]; }
  get onlyNeeded() { return this.find("only-needed").checked; }
  isListed(item) { return !this.onlyNeeded || item.needed || item.recorded; }
  isOpen(item) { return !item.recorded && this.isListed(item); }

  listen() {
    const on = (name, act) => this.find(name).addEventListener("click", act);
    on("record", () => this.press());
    on("before", () => this.step(-1));
    on("after", () => this.step(1));
    on("play", () => this.play());
    this.find("only-needed").addEventListener("change", () => this.show());
    this.find("groups").addEventListener("click", (event) => {
      const group = event.target.closest("[data-group]")?.dataset.group;
      if (!group) return;
      const of = (item) => item.group === group && this.isListed(item);
      const open = this.items.findIndex((item) => of(item) && !item.recorded);
      this.choose(open >= 0 ? open : this.items.findIndex(of));
      this.find("record").focus();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("beforeunload", (event) => { if (this.microphone.isRecording) event.preventDefault(); });
  }

  key(event) {
    const own = event.target === this.find("record") || !event.target.closest("input, textarea, select, button, a, summary");
    if (!own || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = { " ": () => this.press(), ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1), p: () => this.play() }[event.key];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  }

  async press() {
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.microphone.isRecording) await this.stop();
      else if (this.microphone.isOpen) await this.record();
      else await this.turnOn();
    } finally { this.busy = false; this.show(); }
  }

  async turnOn() {
    try { await this.microphone.open(); unable(""); }
    catch (error) { unable(error.name === "NotFoundError" ? "absent" : "denied"); }
  }

  async record() {
    this.wave.stop();
    const entry = (this.entry = await this.outbox.begin({ key: this.item.key }));
    this.writing = Promise.resolve();
    this.microphone.start((part) => { this.writing = this.writing.then(() => this.outbox.add(entry, part)); });
    this.root.classList.add("studio-on");
  }

  async stop() {
    const entry = this.entry;
    await this.microphone.stop();
    await this.writing;
    this.root.classList.remove("studio-on");
    if (!entry.parts.length) return this.outbox.forget(entry);
    this.local.set(entry.place.key, new Blob(entry.parts, { type: entry.parts[0].type }));
    await this.outbox.finish(entry);
    this.item.recorded = { check: "WAITING", faults: [], own: true };
    const next = this.items.findIndex((item, at) => at > this.at && this.isOpen(item));
    if (next >= 0) this.choose(next);
  }

  async deliver(entry, clip) {
    await post(this.root.dataset.recordUrl, { key: entry.place.key, clip: clip.key });
    const item = this.items.find((one) => one.key === entry.place.key);
    if (!item) return;
    const { from_ms: from, to_ms: to, faults } = clip.levels;
    item.recorded = { check: "WAITING", clip: clip.key, from, to, faults };
    this.show();
  }

  choose(at) {
    if (this.microphone.isRecording || at < 0 || at >= this.items.length) return;
    this.at = at;
    this.show();
  }

  step(by) {
    let at = this.at + by;
    while (this.items[at] && !this.isListed(this.items[at])) at += by;
    this.choose(at);
  }

  async play() {
    const { recorded, key } = this.item;
    if (!recorded || this.microphone.isRecording) return;
    const blob = this.local.get(key);
    const url = recorded.clip && `${this.root.dataset.clips}/${recorded.clip.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}/sound`;
    const bytes = blob ? await blob.arrayBuffer() : await (await fetch(url)).arrayBuffer();
    const sound = await decoded(bytes);
    this.wave.show(sound, recorded.from ?? 0, recorded.to ?? 1000 * sound.duration);
    this.wave.play();
  }

  show() {
    const { item } = this;
    if (!item) return;
    const listed = this.items.filter((one) => one.group === item.group && this.isListed(one));
    const label = this.root.querySelector(`[data-group="${item.group}"] span`).textContent;
    this.find("place").textContent = told("place", { group: label, n: listed.indexOf(item) + 1, all: listed.length });
    this.find("before-words").textContent = item.before ? `… ${item.before}` : "";
    this.find("words").textContent = item.text;
    this.find("after-words").textContent = item.after ? `${item.after} …` : "";
    this.tellItem(item);
    this.find("play").disabled = !item.recorded;
    const word = this.microphone.isRecording ? say("stop") : !this.microphone.isOpen ? say("turn-on") : told(item.recorded ? "again" : "record");
    this.find("record-word").textContent = word;
    this.find("record").classList.toggle("btn-danger", this.microphone.isRecording);
    this.find("record").classList.toggle("btn-primary", !this.microphone.isRecording);
    this.showProgress();
  }

  tellItem({ recorded }) {
    const state = { SAME: "same", OTHER: "other", WAITING: "waiting", UNHEARD: "unheard" }[recorded?.check] ?? "missing";
    const faults = (recorded?.faults ?? []).map((fault) => say(`fault-${fault}`));
    this.find("told").textContent = [told(state, { heard: recorded?.heard ?? "" }), ...faults].join("; ");
    this.find("told").className = `bank-told tone-${faults.length || state === "other" ? "warn" : state === "missing" ? "plain" : "ok"}`;
  }

  showProgress() {
    const needed = this.items.filter((item) => item.needed);
    const done = needed.filter((item) => item.recorded).length;
    this.find("progress").max = needed.length || 1;
    this.find("progress").value = done;
    this.find("progress-words").textContent = done < needed.length ? told("progress", { done, all: needed.length }) : told("complete");
    for (const button of this.find("groups").querySelectorAll("[data-group]")) {
      const of = this.items.filter((item) => item.group === button.dataset.group && this.isListed(item));
      button.querySelector("[data-count]").textContent = `${of.filter((item) => item.recorded).length}/${of.length}`;
      button.toggleAttribute("aria-current", button.dataset.group === this.item.group);
    }
  }

  tellSending({ waiting, percent, offline }) {
    if (offline) this.tell("outbox", say("waiting", { count: waiting }), true);
    else if (percent !== undefined) this.tell("outbox", say("sending", { percent }));
    else if (!waiting) this.tell("outbox", "");
  }

  tell(name, words, bad = false) {
    this.find(name).textContent = words;
    this.find(name).classList.toggle("saved-bad", bad);
  }
}

export function start() {
  const root = document.querySelector("[data-bank]");
  if (!root) return;
  const why = obstacle();
  if (why) return unable(why);
  new Bank(root).start();
}
