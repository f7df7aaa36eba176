import { RATE, addPartial, burst, filter, finish, mix, noise, seconds, sweep } from "./dsp";

/** The kits of the API: a small one tuned high, dusty samples, a drum machine, a large one. */
export const KITS = ["jazz", "boom_bap", "electronic", "rock"] as const;
export type Kit = (typeof KITS)[number];

/** What tells one kit from another: frequencies in hertz, times in seconds. */
interface Character {
  kick: { from: number; to: number; sweep: number; decay: number; click: number; clicked: number; drive: number };
  snare: { from: number; to: number; decay: number; wires: number; body: number; bright: number };
  /** How long the closed and the open hi-hat ring, and above what they sound. */
  hat: { closed: number; open: number; above: number };
  /** All above this is cut away. */
  dull: number;
}

const CHARACTERS: Record<Kit, Character> = {
  jazz: {
    kick: { from: 120, to: 68, sweep: 0.02, decay: 0.32, click: 2600, clicked: 0.25, drive: 1 },
    snare: { from: 330, to: 215, decay: 0.18, wires: 0.22, body: 345, bright: 0.45 },
    hat: { closed: 0.08, open: 0.5, above: 7400 },
    dull: 15_000,
  },
  boom_bap: {
    kick: { from: 180, to: 63, sweep: 0.025, decay: 0.26, click: 2000, clicked: 0.4, drive: 2.4 },
    snare: { from: 250, to: 180, decay: 0.16, wires: 0.17, body: 290, bright: 0.4 },
    hat: { closed: 0.06, open: 0.3, above: 6300 },
    dull: 7500,
  },
  electronic: {
    kick: { from: 250, to: 46, sweep: 0.032, decay: 0.62, click: 2200, clicked: 0.35, drive: 1.7 },
    snare: { from: 240, to: 196, decay: 0.14, wires: 0.26, body: 285, bright: 0.8 },
    hat: { closed: 0.07, open: 0.6, above: 8200 },
    dull: 17_000,
  },
  rock: {
    kick: { from: 150, to: 57, sweep: 0.022, decay: 0.36, click: 3200, clicked: 0.6, drive: 1.4 },
    snare: { from: 310, to: 188, decay: 0.24, wires: 0.32, body: 330, bright: 0.6 },
    hat: { closed: 0.1, open: 0.7, above: 6400 },
    dull: 16_000,
  },
};

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

function snare({ snare: { from, to, decay, wires, body, bright } }: Character): Float32Array {
  const out = sweep(0.45, from, to, 0.012, decay);
  addPartial(out, body, 0.5, 0.12);
  const rattle = burst(0.45, wires, 13);
  mix(out, filter(rattle.slice(), "bandpass", 2100, 0.5), 1.1);
  return mix(out, filter(rattle, "highpass", 5200), bright);
}

function clap(): Float32Array {
  const out = seconds(0.35);
  for (const [at, decay] of [[0, 0.02], [0.011, 0.02], [0.022, 0.02], [0.033, 0.24]] as const) {
    const hand = burst(decay + 0.05, decay, 17 + Math.round(at * 1000));
    out.subarray(Math.round(at * RATE)).set(hand.subarray(0, Math.max(0, out.length - Math.round(at * RATE))));
  }
  return filter(filter(out, "bandpass", 1250, 0.9), "highpass", 500);
}

function kick({ kick: { from, to, sweep: fall, decay, click, clicked, drive } }: Character): Float32Array {
  const out = sweep(1.2 * decay + 0.05, from, to, fall, decay);
  mix(out, filter(burst(0.03, 0.012, 29), "bandpass", click), clicked);
  for (let i = 0; i < out.length; i += 1) out[i] = Math.tanh((out[i] ?? 0) * drive) / Math.tanh(drive);
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
  const character = CHARACTERS[kit];
  const { closed, open, above } = character.hat;
  const made: Record<Drum, () => Float32Array> = {
    kick: () => kick(character),
    snare: () => snare(character),
    clap,
    brush,
    stick,
    tom: () => mix(sweep(0.7, frequency * 1.55, frequency, 0.03, 0.5), filter(burst(0.04, 0.02, 47), "bandpass", 1800), 0.3),
    "closed-hat": () => filter(cymbal(0.14, closed, above, 0), "highpass", 0.9 * above),
    "pedal-hat": () => filter(cymbal(0.12, 0.08, 6200, 0), "highpass", 5000),
    "open-hat": () => cymbal(1.2 * open + 0.05, open, 0.95 * above, 0),
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
  const sound = made[name]();
  return finish(character.dull < 12_000 ? filter(sound, "lowpass", character.dull) : sound, 0.9, 0.0003);
}
