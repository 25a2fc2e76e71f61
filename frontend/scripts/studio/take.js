/** Recording a bulletin: sentence by sentence or in one go, each sentence replaceable. */
import { Meter, say } from "./meter.js";
import { Microphone, obstacle } from "./microphone.js";
import { Outbox, Refused, SignedOut, post } from "./outbox.js";
import { Prompter } from "./prompter.js";
import { Waveform, decoded } from "./waveform.js";

const TRIM_SETTLES_MS = 600;

class Studio {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.meter = new Meter(this.find("meter"));
    this.microphone = new Microphone((level) => this.meter.show(level));
    this.prompter = new Prompter(this.find("prompter"), (n) => this.choose(n));
    this.wave = new Waveform(this.find("wave"));
    this.sounds = new Map(); // clip key → decoded sound
    this.local = new Map(); // clip key → blob recorded here
    this.onWay = new Set(); // sentences whose clip is on its way
    this.outbox = new Outbox({
      clipsUrl: root.dataset.clips, unit: root.dataset.unit, subject: root.dataset.subject,
      onChange: (state) => this.tellSending(state),
      deliver: (entry, clip) => this.place(entry, clip),
      onRefused: (entry, message) => this.refused(entry, message),
      onSignedOut: () => this.tell("outbox", say("signed-out"), true),
    });
  }

  get line() { return this.prompter.at; }
  get isWhole() { return this.root.querySelector("[name=studio-mode]:checked").value === "whole"; }

  async start() {
    this.listen();
    try {
      this.take = await post(this.root.dataset.begin);
    } catch (error) { return this.failed(error); }
    this.root.hidden = false;
    this.prompter.fill(this.take.lines);
    this.show();
    this.choose(this.take.missing[0] ?? 0);
    if (this.take.state === "JOINING") this.showResult();
    this.outbox.resume();
  }

  listen() {
    const on = (name, act) => this.find(name).addEventListener("click", act);
    on("record", () => this.press());
    on("before", () => this.step(-1));
    on("after", () => this.step(1));
    on("play", () => this.listenTo());
    on("join", () => this.join());
    on("smaller", () => this.prompter.resize(-1));
    on("larger", () => this.prompter.resize(1));
    for (const radio of this.root.querySelectorAll("[name=studio-mode]"))
      radio.addEventListener("change", () => this.showKeys());
    for (const name of ["trim-from", "trim-to"]) this.find(name).addEventListener("input", () => this.trim());
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("beforeunload", (event) => { if (this.microphone.isRecording) event.preventDefault(); });
  }

  key(event) {
    const typing = event.target.closest("input, textarea, select, button, a, audio, summary");
    if (event.ctrlKey || event.altKey || event.metaKey || (typing && !(event.target === this.find("record") && event.key === " "))) return;
    const act = {
      " ": () => this.press(), ArrowRight: () => this.step(1), ArrowDown: () => this.step(1),
      ArrowLeft: () => this.step(-1), ArrowUp: () => this.step(-1), p: () => this.listenTo(),
    }[event.key];
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
    } finally { this.busy = false; this.showKeys(); }
  }

  async turnOn() {
    try {
      await this.microphone.open();
      this.unable("");
    } catch (error) {
      this.unable(error.name === "NotFoundError" ? "absent" : "denied");
    }
  }

  async record() {
    this.wave.stop();
    const place = this.isWhole ? { whole: true } : { line: this.line };
    this.entry = await this.outbox.begin(place);
    this.writing = Promise.resolve();
    const entry = this.entry;
    this.microphone.start((part) => { this.writing = this.writing.then(() => this.outbox.add(entry, part)); });
    this.root.classList.add("studio-on");
    if (this.isWhole) { this.prompter.show(0); this.prompter.run(() => Number(this.find("speed").value)); }
  }

  async stop() {
    const entry = this.entry;
    this.prompter.rest();
    await this.microphone.stop();
    await this.writing;
    this.root.classList.remove("studio-on");
    if (!entry.parts.length) return this.outbox.forget(entry);
    this.local.set(entry.key.replaceAll("-", ""), new Blob(entry.parts, { type: entry.parts[0].type }));
    for (const line of entry.place.whole ? this.take.lines.keys() : [entry.place.line]) this.onWay.add(line);
    await this.outbox.finish(entry);
    if (!entry.place.whole && this.line + 1 < this.take.lines.length) this.choose(this.line + 1);
    this.show();
  }

  /** The server has the clip: it gets its place in the take. */
  async place(entry, clip) {
    const fields = entry.place.whole ? { act: "whole", clip: clip.key } : { act: "place", line: entry.place.line, clip: clip.key };
    const told = await post(this.take.change, fields);
    this.arrived(entry, told);
  }

  arrived(entry, told) {
    if (entry.place.whole) this.onWay.clear();
    else this.onWay.delete(entry.place.line);
    Object.assign(this.take, told);
    this.show();
    this.draw();
  }

  refused(entry, message) {
    if (entry.place.whole) this.onWay.clear();
    else this.onWay.delete(entry.place.line);
    this.tell("outbox", message, true);
    if (!entry.place.whole) this.choose(entry.place.line);
    this.show();
  }

  choose(n) {
    if (this.microphone.isRecording) return;
    this.prompter.show(Math.max(0, Math.min(n, this.take.lines.length - 1)));
    this.showKeys();
    this.draw();
  }

  step(by) {
    if (this.microphone.isRecording) { if (this.isWhole) this.prompter.hurry(by); return; }
    this.choose(this.line + by);
  }

  /** The piece that holds a sentence, with the number of the sentence it stands at. */
  pieceOf(n) {
    for (const [place, piece] of Object.entries(this.take.pieces)) {
      const first = Number(place);
      if (n >= first && n <= (piece.through ?? first)) return [first, piece];
    }
    return [n, null];
  }

  async draw() {
    const [, piece] = this.pieceOf(this.line);
    this.find("wave-title").textContent = say("sentence", { n: this.line + 1 });
    this.find("play").disabled = !piece;
    this.find("trims").hidden = !piece;
    if (!piece) return this.wave.clear();
    const sound = await this.sound(piece.clip).catch(() => null); // no connection: no picture
    if (!sound || this.pieceOf(this.line)[1] !== piece) return;
    this.wave.show(sound, piece.from, piece.to);
    for (const [name, value] of [["trim-from", piece.from], ["trim-to", piece.to]]) {
      this.find(name).max = piece.length;
      this.find(name).value = value;
    }
    this.tellWave(piece);
  }

  tellWave(piece) {
    const seconds = ((piece.to - piece.from) / 1000).toFixed(1).replace(".", ",");
    const faults = piece.faults.map((fault) => say(`fault-${fault}`));
    this.tell("wave-words", [say("length", { seconds }), ...faults].join("; "), faults.length > 0);
  }

  async sound(key) {
    if (!this.sounds.has(key)) {
      const blob = this.local.get(key);
      const bytes = blob ? await blob.arrayBuffer() : await (await fetch(`${this.root.dataset.clips}/${uuid(key)}/sound`)).arrayBuffer();
      this.sounds.set(key, await decoded(bytes));
    }
    return this.sounds.get(key);
  }

  async listenTo() {
    if (this.microphone.isRecording) return;
    await this.draw();
    this.wave.play();
  }

  trim() {
    const [place, piece] = this.pieceOf(this.line);
    if (!piece) return;
    const from = Math.min(Number(this.find("trim-from").value), piece.length - 100);
    const to = Math.max(Number(this.find("trim-to").value), from + 100);
    Object.assign(piece, { from, to });
    this.wave.show(this.wave.buffer, from, to);
    this.tellWave(piece);
    clearTimeout(this.trimming);
    this.trimming = setTimeout(() => this.act({ act: "trim", line: place, from, to }), TRIM_SETTLES_MS);
  }

  async act(fields) {
    try {
      Object.assign(this.take, await post(this.take.change, fields));
      this.show();
      return true;
    } catch (error) { this.failed(error); return false; }
  }

  async join() {
    if (this.take.state === "FAILED" && !(await this.act({ act: "reopen" }))) return;
    if (await this.act({ act: "join" })) this.showResult();
  }

  showResult() {
    const box = this.find("result-box");
    const url = this.root.dataset.result.replace(/\/0(?=$|\?)/, `/${this.take.pk}`);
    window.htmx.ajax("GET", url, { target: box, swap: "innerHTML" });
  }

  show() {
    const { take } = this;
    let done = 0;
    take.lines.forEach((_, n) => {
      const [, piece] = this.pieceOf(n);
      const faults = piece?.faults ?? [];
      if (piece) done += 1;
      if (this.onWay.has(n)) this.prompter.mark(n, say("on-its-way"), "wait");
      else if (!piece) this.prompter.mark(n, "", "");
      else this.prompter.mark(n, [say("read"), ...faults.map((fault) => say(`fault-${fault}`))].join("; "), faults.length ? "warn" : "ok");
    });
    const all = take.lines.length;
    this.find("progress").max = all;
    this.find("progress").value = done;
    const through = Object.values(take.pieces).some((piece) => piece.through);
    const words = done < all ? say("progress", { done, all }) : say("all-read");
    this.find("progress-words").textContent = through ? `${words} ${say("through")}` : words;
    this.find("join").disabled = done < all || this.onWay.size > 0;
    this.showKeys();
  }

  showKeys() {
    const { microphone } = this;
    const again = this.pieceOf(this.line)[1];
    const word = microphone.isRecording ? say("stop") : !microphone.isOpen ? say("turn-on")
      : this.isWhole ? say("record-whole") : say(again ? "record-again" : "record", { n: this.line + 1 });
    this.find("record-word").textContent = word;
    this.find("record").classList.toggle("btn-danger", microphone.isRecording);
    this.find("record").classList.toggle("btn-primary", !microphone.isRecording);
    this.find("speed-box").hidden = !this.isWhole;
  }

  tellSending({ waiting, percent, offline }) {
    if (offline) return this.tell("outbox", say("waiting", { count: waiting }), true);
    if (percent !== undefined) return this.tell("outbox", say("sending", { percent }));
    if (!waiting) this.tell("outbox", Object.keys(this.take.pieces).length ? say("sent") : "");
  }

  tell(name, words, bad = false) {
    this.find(name).textContent = words;
    this.find(name).classList.toggle("saved-bad", bad);
  }

  failed(error) {
    if (error instanceof SignedOut) this.tell("outbox", say("signed-out"), true);
    else this.tell("outbox", error instanceof Refused ? error.message : say("failed"), true);
  }

  unable(why) { unable(why); }
}

function uuid(hex) {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function unable(why) {
  const box = document.querySelector("[data-studio-unable]");
  box.hidden = !why;
  if (why) box.querySelector("[data-unable-words]").textContent = say(why);
}

export function start() {
  const root = document.querySelector("[data-studio]");
  if (!root) return;
  const why = obstacle();
  if (why) return unable(why);
  new Studio(root).start();
}
