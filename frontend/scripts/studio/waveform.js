/** The picture of a sound, the part of it that is kept, and listening to that part. */
let context = null;

function player() {
  context ??= new AudioContext();
  return context;
}

/** The samples of a recorded file; browsers decode what they record. */
export async function decoded(bytes) {
  return player().decodeAudioData(bytes);
}

export class Waveform {
  constructor(canvas) {
    this.canvas = canvas;
    this.buffer = null;
    this.from = 0;
    this.to = 0;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  show(buffer, fromMs, toMs) {
    Object.assign(this, { buffer, from: fromMs, to: toMs });
    this.draw();
  }

  clear() { this.show(null, 0, 0); }

  draw() {
    const { canvas, buffer } = this;
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(canvas);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!buffer) return;
    const samples = buffer.getChannelData(0);
    const middle = canvas.height / 2;
    const step = samples.length / canvas.width;
    const [kept, cut] = [style.getPropertyValue("--wave-kept"), style.getPropertyValue("--wave-cut")];
    for (let x = 0; x < canvas.width; x += 1) {
      const at = (1000 * x * step) / buffer.sampleRate;
      pen.fillStyle = at >= this.from && at <= this.to ? kept : cut;
      const height = Math.max(1, loudest(samples, x * step, step) * middle * 0.96);
      pen.fillRect(x, middle - height, 1, 2 * height);
    }
  }

  /** Resolves when the kept part has been heard or ``stop`` was called. */
  play() {
    this.stop();
    if (!this.buffer) return Promise.resolve();
    const source = new AudioBufferSourceNode(player(), { buffer: this.buffer });
    source.connect(player().destination);
    this.source = source;
    player().resume();
    source.start(0, this.from / 1000, (this.to - this.from) / 1000);
    return new Promise((done) => { source.onended = done; });
  }

  stop() {
    try { this.source?.stop(); } catch { /* it had not begun */ }
    this.source = null;
  }
}

function loudest(samples, start, length) {
  let peak = 0;
  const stride = Math.max(1, Math.floor(length / 200));
  const end = Math.min(samples.length, start + length);
  for (let at = Math.floor(start); at < end; at += stride) peak = Math.max(peak, Math.abs(samples[at]));
  return peak;
}
