/**
 * Recordings on their way to the server. Each second of sound is kept in the browser's own
 * database as it is made, and stays there until the server has all of it and knows its place.
 * A broken connection is waited out; the upload goes on where it stopped.
 */
const PART_BYTES = 256 * 1024;
const LONGEST_WAIT_MS = 20_000;
const FIRST_WAIT_MS = 1000;
const STORE = "clips";

export class SignedOut extends Error {}

/** A no of the server with a sentence to show. */
export class Refused extends Error {}

function database() {
  return new Promise((done, failed) => {
    const request = indexedDB.open("vang-recordings", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

function settled(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

export function token() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** POST of fields, answered by JSON. Throws Refused, SignedOut, TypeError (no connection). */
export async function post(url, fields = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return answer(await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "manual" }));
}

export async function answer(response) {
  if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
  if (response.status === 403) throw new SignedOut();
  const told = await response.json().catch(() => ({}));
  if (response.status === 422) throw new Refused(told.message ?? told.code);
  if (response.status >= 500 || response.status === 429) throw new TypeError("the server is busy");
  if (!response.ok && response.status !== 409) throw new Refused(told.message ?? String(response.status));
  return told;
}

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  /**
   * ``subject`` names what the clips are for: those of other pages are left alone.
   * ``onChange({waiting, percent, offline})`` tells how it goes.
   * ``deliver(entry, clip)`` gives an arrived clip its place; only then it is forgotten here.
   */
  constructor({ clipsUrl, unit, subject, onChange, deliver, onRefused, onSignedOut }) {
    Object.assign(this, { clipsUrl, unit, subject, onChange, deliver, onRefused, onSignedOut });
    this.person = document.body.dataset.person ?? "";
    this.sending = null;
    this.ready = database();
    addEventListener("online", () => this.wake?.());
  }

  async store(mode = "readwrite") {
    return (await this.ready).transaction(STORE, mode).objectStore(STORE);
  }

  /** Begin a clip; ``place`` says what it is for and comes back in ``deliver``. */
  async begin(place) {
    const entry = {
      key: crypto.randomUUID(), person: this.person, unit: this.unit, subject: this.subject,
      place, parts: [], done: false, at: Date.now(),
    };
    await settled((await this.store()).put(entry));
    return entry;
  }

  async add(entry, part) {
    entry.parts.push(part);
    await settled((await this.store()).put(entry));
  }

  async finish(entry) {
    entry.done = true;
    await settled((await this.store()).put(entry));
    this.send();
  }

  async forget(entry) { await settled((await this.store()).delete(entry.key)); }

  /** What lies here for this page, oldest first; what a crash left unfinished counts too. */
  async waiting() {
    const all = await settled((await this.store("readonly")).getAll());
    return all
      .filter((one) => one.person === this.person && one.subject === this.subject && one.parts.length)
      .sort((one, other) => one.at - other.at);
  }

  /** After a crash or a reload: everything of this page is sent. */
  async resume() {
    for (const entry of await this.waiting())
      if (!entry.done) { entry.done = true; await settled((await this.store()).put(entry)); }
    this.send();
  }

  send() {
    this.again = true;
    this.sending ??= this.sendAll().finally(() => { this.sending = null; });
    return this.sending;
  }

  async sendAll() {
    let wait = FIRST_WAIT_MS;
    while (this.again) {
      this.again = false;
      for (const entry of (await this.waiting()).filter((one) => one.done)) {
        try {
          await this.sendOne(entry);
          wait = FIRST_WAIT_MS;
        } catch (error) {
          if (error instanceof SignedOut) return this.onSignedOut();
          if (error instanceof Refused) {
            await this.forget(entry);
            this.onRefused(entry, error.message);
            continue;
          }
          await this.tell({ offline: true });
          await this.pause(wait);
          wait = Math.min(2 * wait, LONGEST_WAIT_MS);
          this.again = true;
          break;
        }
      }
    }
    await this.tell({});
  }

  async sendOne(entry) {
    const blob = new Blob(entry.parts, { type: entry.parts[0].type });
    const announced = { key: entry.key, unit: entry.unit, size: blob.size, sha256: await sha256(blob) };
    let clip = await post(this.clipsUrl, announced);
    while (!clip.kept && !clip.refused) {
      await this.tell({ percent: Math.floor((100 * clip.received) / blob.size) });
      const part = blob.slice(clip.received, clip.received + PART_BYTES);
      clip = await answer(await fetch(`${this.clipsUrl}/${entry.key}?offset=${clip.received}`, {
        method: "PUT", body: part, headers: { "X-CSRFToken": token() }, redirect: "manual",
      }));
    }
    if (clip.refused) throw new Refused(clip.refused);
    await this.deliver(entry, clip);
    await this.forget(entry);
  }

  async tell(state) {
    const waiting = (await this.waiting()).filter((one) => one.done).length;
    this.onChange({ waiting, ...state });
  }

  pause(ms) {
    return new Promise((done) => {
      this.wake = done;
      setTimeout(done, ms);
    });
  }
}
