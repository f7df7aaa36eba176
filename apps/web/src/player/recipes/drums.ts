import { RATE, addPartial, burst, filter, finish, mix, noise, seconds, sweep } from "./dsp";

/** Two kits: played skins, and drums as samplers and machines have them: deeper, drier, longer in the bass. */
export type Kit = "played" | "machine";

export const DRUMS = [
  "kick", "stick", "snare", "clap", "brush", "tom", "closed-hat", "pedal-hat", "open-hat", "crash", "ride", "bell",
  "tambourine", "cowbell", "conga", "shaker", "clave", "triangle",
] as const;
export type Drum = (typeof DRUMS)[number];

/** Which drum a General MIDI key is, and its tuning for drums that come in sizes. */
export function drumOf(key: number): { drum: Drum; frequency: number } {
  const named: Partial<Record<number, Drum>> = {
    35: "kick", 36: "kick", 37: "stick", 38: "snare", 39: "clap", 40: "snare", 42: "closed-hat", 44: "pedal-hat", 46: "open-hat",
    49: "crash", 51: "ride", 52: "crash", 53: "bell", 54: "tambourine", 55: "crash", 56: "cowbell", 57: "crash", 59: "ride",
    69: "shaker", 70: "shaker", 75: "clave", 76: "clave", 77: "clave", 80: "triangle", 81: "triangle", 82: "shaker",
  };
  const toms: Partial<Record<number, number>> = { 41: 78, 43: 92, 45: 108, 47: 128, 48: 150, 50: 178 };
  const congas: Partial<Record<number, number>> = { 60: 380, 61: 270, 62: 330, 63: 300, 64: 200, 65: 320, 66: 240, 78: 420, 79: 330 };
  const tom = toms[key];
  if (tom) return { drum: "tom", frequency: tom };
  const conga = congas[key];
  if (conga) return { drum: "conga", frequency: conga };
  return { drum: named[key] ?? "stick", frequency: 0 };
}

/** The sound of beaten bronze: many square waves that fit no scale (the ratios of the classic machines' cymbals). */
function metal(length: number, base: number, decay: number): Float32Array {
  const out = seconds(length);
  const fade = 10 ** (-3 / (decay * RATE));
  const steps = [2, 3.03, 4.16, 5.43, 6.79, 8.21, 9.14, 11.3].map((ratio) => (ratio * base) / RATE);
  let gain = 1;
  for (let i = 0; i < out.length; i += 1) {
    let sum = 0;
    for (const step of steps) sum += (i * step) % 1 < 0.5 ? 1 : -1;
    out[i] = (sum / steps.length) * gain;
    gain *= fade;
  }
  return out;
}

function cymbal(length: number, decay: number, cut: number, ping: number): Float32Array {
  const out = filter(metal(length, 284, decay), "highpass", cut);
  mix(out, filter(burst(length, decay * 0.85, 21), "highpass", cut * 1.15), 0.7);
  if (ping > 0) {
    addPartial(out, 2890, ping * 0.5, decay * 0.5);
    addPartial(out, 4710, ping * 0.35, decay * 0.4);
    addPartial(out, 3560, ping * 0.3, decay * 0.6);
  }
  return out;
}

function snare(kit: Kit): Float32Array {
  const machine = kit === "machine";
  const out = sweep(0.4, machine ? 240 : 310, machine ? 168 : 196, 0.012, machine ? 0.16 : 0.2);
  addPartial(out, machine ? 285 : 338, 0.5, 0.12);
  const wires = burst(0.4, machine ? 0.24 : 0.3, 13);
  mix(out, filter(wires.slice(), "bandpass", 2100, 0.5), 1.1);
  mix(out, filter(wires, "highpass", 5200), machine ? 0.75 : 0.5);
  return out;
}

function clap(): Float32Array {
  const out = seconds(0.35);
  for (const [at, decay] of [[0, 0.02], [0.011, 0.02], [0.022, 0.02], [0.033, 0.24]] as const) {
    const hand = burst(decay + 0.05, decay, 17 + Math.round(at * 1000));
    out.subarray(Math.round(at * RATE)).set(hand.subarray(0, Math.max(0, out.length - Math.round(at * RATE))));
  }
  return filter(filter(out, "bandpass", 1250, 0.9), "highpass", 500);
}

function kick(kit: Kit): Float32Array {
  const machine = kit === "machine";
  const out = machine ? sweep(0.75, 175, 46, 0.032, 0.62) : sweep(0.45, 150, 56, 0.022, 0.34);
  mix(out, filter(burst(0.03, 0.012, 29), "bandpass", machine ? 2200 : 3000), machine ? 0.35 : 0.5);
  if (machine) for (let i = 0; i < out.length; i += 1) out[i] = Math.tanh((out[i] ?? 0) * 1.7);
  return out;
}

function conga(frequency: number): Float32Array {
  const out = sweep(0.5, frequency * 1.25, frequency, 0.01, 0.3);
  addPartial(out, frequency * 1.6, 0.25, 0.12);
  return mix(out, filter(burst(0.03, 0.015, 31), "bandpass", 1600), 0.5);
}

function tambourine(): Float32Array {
  const out = filter(metal(0.35, 610, 0.2), "highpass", 6000);
  return mix(out, filter(burst(0.35, 0.18, 37), "highpass", 7000), 0.7);
}

function shaker(): Float32Array {
  const out = burst(0.14, 0.1, 41);
  for (let i = 0; i < 900 && i < out.length; i += 1) out[i] = (out[i] ?? 0) * (i / 900) ** 2;
  return filter(filter(out, "highpass", 5200), "lowpass", 11_000);
}

function modes(length: number, partials: readonly (readonly [number, number, number])[]): Float32Array {
  const out = seconds(length);
  for (const [frequency, gain, decay] of partials) addPartial(out, frequency, gain, decay);
  return out;
}

function stick(): Float32Array {
  const out = modes(0.12, [[820, 0.8, 0.06], [1740, 0.7, 0.04], [2930, 0.3, 0.03]]);
  return mix(out, filter(burst(0.02, 0.01, 43), "highpass", 2500), 0.6);
}

/** A brush on a snare skin: a soft sweep, hardly any tone. */
function brush(): Float32Array {
  const next = noise(53);
  const out = seconds(0.28).map((_, i) => next() * Math.exp(-i / (0.07 * RATE)) * Math.min(1, i / (0.012 * RATE)));
  return mix(filter(out, "bandpass", 3600, 0.4), sweep(0.28, 220, 190, 0.01, 0.12), 0.2);
}

/** One hit of a drum, 44.1 kHz, mono. */
export function drum(name: Drum, kit: Kit, frequency: number): Float32Array {
  const made: Record<Drum, () => Float32Array> = {
    kick: () => kick(kit),
    snare: () => snare(kit),
    clap,
    brush,
    stick,
    tom: () => mix(sweep(0.7, frequency * 1.55, frequency, 0.03, 0.5), filter(burst(0.04, 0.02, 47), "bandpass", 1800), 0.3),
    "closed-hat": () => filter(cymbal(0.14, kit === "machine" ? 0.07 : 0.1, 7200, 0), "highpass", 6500),
    "pedal-hat": () => filter(cymbal(0.12, 0.08, 6200, 0), "highpass", 5000),
    "open-hat": () => cymbal(0.75, 0.6, 6800, 0),
    crash: () => cymbal(2.4, 2.2, 3800, 0.1),
    ride: () => cymbal(1.5, 1.3, 5600, 0.7),
    bell: () => cymbal(1.4, 1.2, 6000, 2.2),
    tambourine,
    cowbell: () => filter(modes(0.35, [[562, 1, 0.25], [845, 0.9, 0.2], [1690, 0.2, 0.1]]), "bandpass", 900, 0.6),
    conga: () => conga(frequency),
    shaker,
    clave: () => modes(0.15, [[2480, 1, 0.09], [4100, 0.15, 0.03]]),
    triangle: () => modes(1.6, [[4150, 0.8, 1.5], [6680, 0.5, 1.2], [9300, 0.3, 0.8]]),
  };
  return finish(made[name](), 0.9, 0.0003);
}
