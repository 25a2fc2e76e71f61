/** Speaking live: the microphone tried beforehand, then brought to the server piece by piece. */
import { Meter, say } from "./studio/meter.js";
import { Microphone } from "./studio/microphone.js";

const RATE = 48000;
const PIECE_US = 20000;
const AGAIN_MS = 1000;
const MOST_WAITING = 64 * 1024;
const OPUS = { codec: "opus", sampleRate: RATE, numberOfChannels: 1, bitrate: 40000 };

function hindrance() {
  if (!window.isSecureContext) return "insecure";
  return navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode ? "" : "unable";
}

/** Opens it; says why not and gives false. */
async function opened(microphone, words) {
  const why = hindrance();
  try {
    if (!why) await microphone.open();
    words.textContent = why ? say(why) : words.textContent;
    return !why;
  } catch (error) {
    words.textContent = say(error.name === "NotFoundError" ? "absent" : "denied");
    return false;
  }
}

/** Opus where the browser encodes it, else the samples as they are. */
async function packer(send) {
  const able = window.AudioEncoder && (await AudioEncoder.isConfigSupported(OPUS).catch(() => ({}))).supported;
  if (!able) return (piece) => send("P", new Uint8Array(piece));
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      send("O", bytes);
    },
    error: () => {},
  });
  encoder.configure(OPUS);
  let timestamp = 0;
  return (piece) => {
    const numberOfFrames = piece.byteLength / 2;
    encoder.encode(new AudioData({ format: "s16", sampleRate: RATE, numberOfFrames, numberOfChannels: 1, timestamp, data: piece }));
    timestamp += PIECE_US;
  };
}

class Speaker {
  constructor(root) {
    this.root = root;
    this.button = root.querySelector("[data-speak]");
    this.sending = root.querySelector("[data-sending]");
    this.words = root.querySelector("[data-level] span");
    const meter = new Meter(root.querySelector("[data-meter]"));
    this.microphone = new Microphone((level) => meter.show(level));
    this.over = false;
    root.hidden = false;
    this.button.addEventListener("click", () => this.begin());
  }

  async begin() {
    this.button.disabled = true;
    if (!(await opened(this.microphone, this.words))) { this.button.disabled = false; return; }
    this.button.hidden = true;
    const { context, stream } = this.microphone;
    await context.audioWorklet.addModule(this.root.dataset.worklet);
    const pieces = new AudioWorkletNode(context, "pieces", { numberOfOutputs: 0 });
    context.createMediaStreamSource(stream).connect(pieces);
    const pack = await packer((kind, bytes) => this.send(kind, bytes));
    pieces.port.onmessage = ({ data }) => { if (this.isUp) pack(data); };
    this.keepAwake();
    this.connect();
    addEventListener("pagehide", () => this.socket?.close());
  }

  get isUp() { return this.socket?.readyState === WebSocket.OPEN; }

  send(kind, bytes) {
    if (!this.isUp || this.socket.bufferedAmount > MOST_WAITING) return;
    const whole = new Uint8Array(bytes.length + 1);
    whole[0] = kind.charCodeAt(0);
    whole.set(bytes, 1);
    this.socket.send(whole);
  }

  connect() {
    this.sending.textContent = say("connecting");
    const socket = (this.socket = new WebSocket(this.root.dataset.address));
    socket.onopen = () => socket.send(JSON.stringify({ token: this.root.dataset.token }));
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    socket.onclose = () => {
      if (this.over) return;
      this.sending.textContent = say("lost");
      setTimeout(() => this.connect(), AGAIN_MS);
    };
  }

  hear({ frames, over }) {
    this.sending.textContent = say(over ? "over" : frames ? "sending" : "connecting");
    if (!over) return;
    this.over = true;
    this.microphone.close();
  }

  /** A telephone whose screen goes dark takes the microphone away. */
  async keepAwake() {
    try { await navigator.wakeLock?.request("screen"); } catch { /* it stays a wish */ }
  }
}

class Check {
  constructor(root) {
    const button = root.querySelector("[data-try]");
    const words = root.querySelector("[data-level] span");
    const meter = new Meter(root.querySelector("[data-meter]"));
    const microphone = new Microphone((level) => meter.show(level));
    root.hidden = false;
    button.addEventListener("click", async () => { if (await opened(microphone, words)) button.hidden = true; });
  }
}

for (const root of document.querySelectorAll("[data-live-check]")) new Check(root);
for (const root of document.querySelectorAll("[data-live-speak]")) new Speaker(root);
