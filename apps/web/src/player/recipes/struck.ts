import { addPartial, burst, filter, finish, mix, noise, seconds } from "./dsp";

/**
 * A grand piano by its partials: stiff strings sound sharper the higher the partial, the hammer strikes at an eighth of
 * the string and leaves out every eighth, and each note has a bright start and a long, darker rest.
 */
export function piano(frequency: number): Float32Array {
  const ring = Math.min(9, 6.5 * (261 / frequency) ** 0.55);
  const out = seconds(Math.min(4, ring * 0.8));
  const stiffness = 0.00012 * (frequency / 261) ** 1.3;
  const phase = noise(Math.round(frequency * 100));
  const highest = Math.min(34, Math.floor(9500 / frequency));
  for (let n = 1; n <= highest; n += 1) {
    const pitch = n * frequency * Math.sqrt(1 + stiffness * n * n);
    const gain = (Math.abs(Math.sin(Math.PI * n * 0.122)) + 0.06) / n ** (0.85 + frequency / 2600);
    const decay = ring / (1 + 0.16 * n + 0.008 * n * n);
    // Two strings a hair apart beat against each other: that is the shimmer of a real unison.
    addPartial(out, pitch * 1.00022, gain * 0.5, decay, phase() * 3);
    addPartial(out, pitch * 0.99982, gain * 0.5, decay * 0.9, phase() * 3);
    addPartial(out, pitch, gain * 0.9, decay * 0.22, phase() * 3);
  }
  const felt = filter(burst(0.09, 0.06, 7), "lowpass", Math.min(2600, 500 + frequency * 2));
  mix(out, felt, 0.5);
  return finish(out, 0.9, 0.0015);
}

/** An electric piano: a tine (bell-like, short) and a tone bar (round, long), bent by the pickup. */
export function electricPiano(frequency: number): Float32Array {
  const out = seconds(3.2);
  const turn = (2 * Math.PI * frequency) / 44_100;
  for (let i = 0; i < out.length; i += 1) {
    const t = i / 44_100;
    const bark = 1.35 * Math.exp(-t * 3.4) + 0.28;
    const tine = 0.34 * Math.exp(-t * 9) * Math.sin(turn * i * 7.02);
    out[i] = Math.exp(-t * 1.15) * Math.sin(turn * i + bark * Math.sin(turn * i) + tine) + 0.05 * Math.exp(-t * 18) * Math.sin(turn * i * 14);
  }
  mix(out, filter(burst(0.04, 0.02, 11), "bandpass", 900), 0.12);
  return finish(out, 0.9, 0.002);
}

/** The ratios, strengths and ring times of a bar's or bell's partials. */
type Modes = readonly (readonly [ratio: number, gain: number, ring: number])[];

const MODES = {
  vibraphone: [[1, 1, 4.2], [3.984, 0.22, 1.1], [10.2, 0.05, 0.2]],
  marimba: [[1, 1, 0.9], [3.93, 0.3, 0.2], [9.2, 0.12, 0.06]],
  bell: [[1, 1, 3], [2.76, 0.5, 1.6], [5.4, 0.24, 0.8], [8.93, 0.1, 0.3]],
} satisfies Record<string, Modes>;

export type Mallet = "vibraphone" | "marimba" | "bell";

/** Bars and bells by their modes, with the tap of the mallet. */
export function mallet(kind: Mallet, frequency: number): Float32Array {
  const modes = MODES[kind];
  const shorter = (440 / frequency) ** 0.35;
  const out = seconds(Math.min(3.6, 1.1 * shorter * Math.max(...modes.map(([, , ring]) => ring))));
  for (const [ratio, gain, ring] of modes) addPartial(out, frequency * ratio, gain, ring * shorter);
  if (kind === "vibraphone") {
    for (let i = 0; i < out.length; i += 1) out[i] = (out[i] ?? 0) * (0.88 + 0.12 * Math.sin((2 * Math.PI * 5.2 * i) / 44_100));
  }
  mix(out, filter(burst(0.03, 0.015, 5), "bandpass", 1800), 0.25);
  return finish(out, 0.9, 0.001);
}
