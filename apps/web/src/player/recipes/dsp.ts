/**
 * Small pieces of signal processing for instruments that are computed once, sample by sample, and then played like
 * recordings. Everything here is pure: the same input gives the same samples, in a worker, on the page, or in a test.
 */
export const RATE = 44_100;

/** White noise, -1 to 1, the same for the same seed. */
export function noise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) / 2147483648 - 1);
  };
}

export function seconds(length: number): Float32Array {
  return new Float32Array(Math.max(1, Math.round(length * RATE)));
}

/** Adds a sine that dies away: `decay` is the time in seconds until it has lost 60 dB. */
export function addPartial(out: Float32Array, frequency: number, gain: number, decay: number, phase = 0): void {
  if (frequency >= RATE / 2.1 || gain < 1e-5) return;
  const turn = (2 * Math.PI * frequency) / RATE;
  const fade = 10 ** (-3 / (decay * RATE));
  const [cos, sin] = [Math.cos(turn) * fade, Math.sin(turn) * fade];
  let [x, y] = [Math.cos(phase) * gain, Math.sin(phase) * gain];
  // After 80 dB nothing is left to hear, and denormal numbers would only cost time.
  const end = Math.min(out.length, Math.ceil(decay * RATE * 1.34));
  for (let i = 0; i < end; i += 1) {
    out[i] = (out[i] ?? 0) + y;
    const next = x * cos - y * sin;
    y = x * sin + y * cos;
    x = next;
  }
}

export type FilterKind = "lowpass" | "highpass" | "bandpass";

/** A second-order filter (Bristow-Johnson's cookbook), applied in place. */
export function filter(samples: Float32Array, kind: FilterKind, frequency: number, q = 0.707): Float32Array {
  const w = (2 * Math.PI * Math.min(frequency, RATE * 0.45)) / RATE;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const edge = kind === "lowpass" ? (1 - cos) / 2 : (1 + cos) / 2;
  const b0 = (kind === "bandpass" ? alpha : edge) / a0;
  const b1 = (kind === "lowpass" ? 1 - cos : kind === "highpass" ? -(1 + cos) : 0) / a0;
  const b2 = (kind === "bandpass" ? -alpha : edge) / a0;
  const a1 = (-2 * cos) / a0;
  const a2 = (1 - alpha) / a0;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < samples.length; i += 1) {
    const x = samples[i] ?? 0;
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    samples[i] = y;
  }
  return samples;
}

/** Adds `other`, scaled, to `out`. */
export function mix(out: Float32Array, other: Float32Array, gain: number): Float32Array {
  const end = Math.min(out.length, other.length);
  for (let i = 0; i < end; i += 1) out[i] = (out[i] ?? 0) + (other[i] ?? 0) * gain;
  return out;
}

/** A burst of noise that loses 60 dB in `decay` seconds. */
export function burst(length: number, decay: number, seed: number): Float32Array {
  const out = seconds(length);
  const next = noise(seed);
  const fade = 10 ** (-3 / (decay * RATE));
  let gain = 1;
  for (let i = 0; i < out.length; i += 1) {
    out[i] = next() * gain;
    gain *= fade;
  }
  return out;
}

/** A sine whose pitch falls from `high` to `low` with time constant `fall`, as struck skins do. */
export function sweep(length: number, high: number, low: number, fall: number, decay: number): Float32Array {
  const out = seconds(length);
  const fade = 10 ** (-3 / (decay * RATE));
  let [phase, gain] = [0, 1];
  for (let i = 0; i < out.length; i += 1) {
    out[i] = Math.sin(phase) * gain;
    phase += (2 * Math.PI * (low + (high - low) * Math.exp(-i / (fall * RATE)))) / RATE;
    gain *= fade;
  }
  return out;
}

/** Brings the loudest sample to `peak`, softens the first samples and fades the last ones, so that nothing clicks. */
export function finish(samples: Float32Array, peak = 0.9, attack = 0.001): Float32Array {
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  const gain = loudest > 0 ? peak / loudest : 0;
  const rise = Math.max(1, Math.round(attack * RATE));
  const fall = Math.min(samples.length, Math.round(0.03 * RATE));
  for (let i = 0; i < samples.length; i += 1) {
    const edge = Math.min(1, i / rise) * Math.min(1, (samples.length - i) / fall);
    samples[i] = (samples[i] ?? 0) * gain * edge;
  }
  return samples;
}
