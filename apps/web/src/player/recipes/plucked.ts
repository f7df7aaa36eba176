import { RATE, burst, filter, finish, mix, noise, seconds } from "./dsp";

/** What tells one plucked string from another. */
export interface PluckedString {
  /** How long it rings at middle C, in seconds until it has lost 60 dB. */
  ring: number;
  /** The cut-off of the pluck, in hertz: flesh is dark, a plectrum is bright. */
  bright: number;
  /** How fast the high partials die, 0 (never) to 1 (at once). */
  damping: number;
  /** Where it is plucked, as a share of the string. */
  position: number;
  /** Resonances of the body: frequency and gain. */
  body: readonly (readonly [number, number])[];
  /** The sound of the finger itself. */
  thump: number;
  /** How hard an amplifier is driven, 0 for none. */
  drive: number;
}

export const STRINGS = {
  nylon: { ring: 3.2, bright: 3200, damping: 0.42, position: 0.28, body: [[105, 0.5], [210, 0.4], [420, 0.18]], thump: 0.22, drive: 0 },
  steel: { ring: 4.6, bright: 8200, damping: 0.2, position: 0.16, body: [[98, 0.4], [196, 0.34], [390, 0.2]], thump: 0.12, drive: 0 },
  clean: { ring: 4.2, bright: 5600, damping: 0.3, position: 0.2, body: [], thump: 0.05, drive: 0.7 },
  muted: { ring: 0.35, bright: 3600, damping: 0.5, position: 0.14, body: [], thump: 0.2, drive: 0.5 },
  overdriven: { ring: 7, bright: 5200, damping: 0.26, position: 0.18, body: [], thump: 0.05, drive: 9 },
  banjo: { ring: 1.1, bright: 9500, damping: 0.12, position: 0.08, body: [[310, 0.5], [660, 0.4], [1250, 0.3]], thump: 0.18, drive: 0 },
  harp: { ring: 4.2, bright: 4800, damping: 0.3, position: 0.45, body: [[180, 0.25]], thump: 0.05, drive: 0 },
  pizzicato: { ring: 0.8, bright: 2600, damping: 0.5, position: 0.25, body: [[280, 0.5], [460, 0.4]], thump: 0.2, drive: 0 },
  harpsichord: { ring: 3.2, bright: 12000, damping: 0.08, position: 0.1, body: [[240, 0.2]], thump: 0.12, drive: 0 },
  upright: { ring: 2.2, bright: 1500, damping: 0.5, position: 0.3, body: [[72, 0.7], [118, 0.6], [210, 0.3]], thump: 0.5, drive: 0 },
  fingered: { ring: 3.6, bright: 2600, damping: 0.4, position: 0.22, body: [[90, 0.2]], thump: 0.16, drive: 1.2 },
  slapped: { ring: 2.8, bright: 7500, damping: 0.18, position: 0.1, body: [], thump: 0.35, drive: 1.5 },
} satisfies Record<string, PluckedString>;

export type StringName = keyof typeof STRINGS;

/** The pluck: noise as bright as what plucks, with a notch for the place where it plucks. */
function pluck(period: number, string: PluckedString): Float32Array {
  const next = noise(Math.round(period * 31));
  const raw = new Float32Array(Math.ceil(period) + 2).map(() => next());
  filter(raw, "lowpass", string.bright, 0.6);
  const offset = Math.max(1, Math.round(period * string.position));
  return raw.map((sample, i) => sample - (raw[(i + raw.length - offset) % raw.length] ?? 0));
}

/** A plucked string after Karplus and Strong (1983), with Jaffe and Smith's tuning of the loop. */
export function plucked(name: StringName, frequency: number): Float32Array {
  const string: PluckedString = STRINGS[name];
  const ring = Math.min(8, string.ring * (261 / frequency) ** 0.5);
  const out = seconds(Math.min(4, ring * 0.9));
  const period = RATE / frequency;
  // The averaging filter delays by `damping` of a sample; an all-pass filter makes up the rest of the period.
  const whole = Math.max(2, Math.floor(period - string.damping - 0.1));
  const rest = period - string.damping - whole;
  const tune = (1 - rest) / (1 + rest);
  const loss = 10 ** (-3 / (frequency * ring));
  const line = pluck(period, string).slice(0, whole);
  let [last, passedIn, passedOut] = [0, 0, 0];
  for (let i = 0; i < out.length; i += 1) {
    const at = i % whole;
    const now = line[at] ?? 0;
    const averaged = loss * ((1 - string.damping) * now + string.damping * last);
    last = now;
    passedOut = tune * averaged + passedIn - tune * passedOut;
    passedIn = averaged;
    line[at] = passedOut;
    out[i] = now;
  }
  for (const [resonance, gain] of string.body) mix(out, filter(out.slice(), "bandpass", resonance, 2.5), gain);
  mix(out, filter(burst(0.06, 0.035, 3), "lowpass", string.bright / 3), string.thump);
  return string.drive > 0 ? amplified(out, string.drive) : finish(out, 0.9, 0.0008);
}

/** Through a valve stage and a loudspeaker, which lets nothing through above five kilohertz. */
function amplified(samples: Float32Array, drive: number): Float32Array {
  finish(samples, 1);
  for (let i = 0; i < samples.length; i += 1) samples[i] = Math.tanh((samples[i] ?? 0) * (1 + drive) + 0.06 * drive * 0.1);
  filter(samples, "highpass", 70);
  filter(samples, "lowpass", drive > 3 ? 3800 : 5200);
  return finish(samples, 0.9, 0.001);
}
