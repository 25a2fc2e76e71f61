/**
 * The microphone: its level (after the same high-pass that every recording passes on the server)
 * and its recordings. Nothing is amplified, gated or cancelled by the browser: the original is kept.
 */
const KINDS = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS_PER_SECOND = 128_000;
const PART_MS = 1000;
const HIGH_PASS_HZ = 100;
const CLIPPED = 0.985;
const SILENT_DB = -60;
const QUIET_DB = -42;
const CLIPPED_LASTS_MS = 2000;
const SILENT_AFTER_MS = 2000;
const QUIET_AFTER_MS = 3000;

export function decibel(ratio) {
  return ratio > 0.00001 ? 20 * Math.log10(ratio) : -100;
}

/** What keeps this page from recording: "insecure", "unable" or "". */
export function obstacle() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.indexedDB) return "unable";
  return "";
}

export class Microphone {
  /** ``onLevel({rms, peak, verdict})`` some 60 times a second; verdict: good, ready, no-signal, too-quiet, too-loud. */
  constructor(onLevel) {
    this.onLevel = onLevel;
    this.stream = null;
    this.recorder = null;
  }

  get isOpen() { return Boolean(this.stream); }
  get isRecording() { return this.recorder?.state === "recording"; }

  /** Throws what getUserMedia throws: NotAllowedError, NotFoundError … */
  async open() {
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    this.context = new AudioContext();
    await this.context.resume();
    const source = this.context.createMediaStreamSource(this.stream);
    const highPass = new BiquadFilterNode(this.context, { type: "highpass", frequency: HIGH_PASS_HZ });
    this.analyser = new AnalyserNode(this.context, { fftSize: 2048 });
    source.connect(highPass).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.stream.getAudioTracks()[0].addEventListener("ended", () => this.close());
    const now = performance.now();
    Object.assign(this, { lastClipped: -Infinity, lastSignal: now, lastLoud: now });
    this.watch();
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context?.close();
    this.stream = null;
    this.onLevel(null);
  }

  watch() {
    if (!this.stream) return;
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0, peak = 0;
    for (const sample of this.samples) {
      sum += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    const rms = decibel(Math.sqrt(sum / this.samples.length));
    this.onLevel({ rms, peak: decibel(peak), verdict: this.verdict(rms, peak) });
    this.frame = requestAnimationFrame(() => this.watch());
  }

  verdict(rms, peak) {
    const now = performance.now();
    if (peak >= CLIPPED) this.lastClipped = now;
    if (decibel(peak) > SILENT_DB) this.lastSignal = now;
    if (rms > QUIET_DB) this.lastLoud = now;
    if (now - this.lastClipped < CLIPPED_LASTS_MS) return "too-loud";
    if (now - this.lastSignal > SILENT_AFTER_MS) return "no-signal";
    if (this.isRecording) return now - this.lastLoud > QUIET_AFTER_MS ? "too-quiet" : "good";
    return now - this.lastLoud > QUIET_AFTER_MS ? "ready" : "good";
  }

  /** ``onPart(blob)`` gets every second of the recording as it is made. */
  start(onPart) {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    this.recorder.addEventListener("dataavailable", ({ data }) => { if (data.size) onPart(data); });
    this.recorder.start(PART_MS);
    this.lastLoud = performance.now();
  }

  /** Resolves when the last part has been handed over. */
  stop() {
    return new Promise((done) => {
      this.recorder.addEventListener("stop", () => { this.recorder = null; done(); }, { once: true });
      this.recorder.stop();
    });
  }
}
