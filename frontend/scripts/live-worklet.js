/** Takes what the microphone gives and hands on 20 ms of 48 kHz, mono, 16 bits at a time. */
const RATE = 48000;
const PIECE = 960;

class Pieces extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.at = 0; // where the next sample lies between this one and the last
    this.last = 0;
  }

  process([channels]) {
    const step = sampleRate / RATE;
    for (const sample of channels?.[0] ?? []) {
      for (; this.at < 1; this.at += step) this.add(this.last + (sample - this.last) * this.at);
      this.at -= 1;
      this.last = sample;
    }
    return true;
  }

  add(sample) {
    this.piece[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
    if (this.filled < PIECE) return;
    this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
  }
}

registerProcessor("pieces", Pieces);
