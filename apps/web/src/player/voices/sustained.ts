import { frequencyOf } from "../bank";
import type { SustainedName } from "../families";
import { type Sounding, type Strike, loudness } from "./sampled";

/** How a sustained sound is built: sources, a filter that moves, a shape in time, a vibrato. */
interface Patch {
  sources: readonly { wave: OscillatorType | "organ" | "reed" | "glottis"; detune: number; gain: number; octave?: number }[];
  attack: number;
  release: number;
  /** Loudness after the attack, as a share of the peak, and how fast it gets there. */
  sustain: number;
  decay: number;
  /** The filter in hertz: where it starts, how far a loud note opens it, where it settles; as multiples of the pitch where `tracks`. */
  filter: { base: number; open: number; settle: number; q: number; tracks?: boolean };
  vibrato: { rate: number; cents: number; delay: number };
  /** Resonances that make a vowel or the body of an instrument. */
  formants?: readonly (readonly [frequency: number, q: number, gain: number])[];
  /** Air, as a share of the tone. */
  breath?: number;
  gain: number;
}

const NO_VIBRATO = { rate: 5, cents: 0, delay: 0 };

const PATCHES: Record<SustainedName, Patch> = {
  strings: {
    sources: [{ wave: "sawtooth", detune: -9, gain: 0.4 }, { wave: "sawtooth", detune: 0, gain: 0.4 }, { wave: "sawtooth", detune: 8, gain: 0.4 }],
    attack: 0.11, release: 0.32, sustain: 0.85, decay: 0.6,
    filter: { base: 1100, open: 2600, settle: 1900, q: 0.5 },
    vibrato: { rate: 5.1, cents: 9, delay: 0.25 }, gain: 0.34,
  },
  "solo-strings": {
    sources: [{ wave: "sawtooth", detune: 0, gain: 0.7 }, { wave: "sawtooth", detune: 4, gain: 0.25 }],
    attack: 0.06, release: 0.16, sustain: 0.85, decay: 0.4,
    filter: { base: 1500, open: 3400, settle: 2800, q: 0.6 },
    formants: [[480, 3, 0.6], [1150, 4, 0.5], [2700, 4, 0.35]],
    vibrato: { rate: 5.6, cents: 16, delay: 0.18 }, gain: 0.36,
  },
  voice: {
    sources: [{ wave: "glottis", detune: -3, gain: 0.6 }, { wave: "glottis", detune: 4, gain: 0.5 }],
    attack: 0.05, release: 0.14, sustain: 0.88, decay: 0.35,
    filter: { base: 2400, open: 2600, settle: 3600, q: 0.4 },
    formants: [[690, 7, 1.5], [1140, 9, 1.0], [2680, 10, 0.55], [3500, 10, 0.3]],
    breath: 0.02,
    vibrato: { rate: 5.4, cents: 17, delay: 0.22 }, gain: 0.42,
  },
  brass: {
    sources: [{ wave: "sawtooth", detune: -4, gain: 0.5 }, { wave: "sawtooth", detune: 4, gain: 0.5 }],
    attack: 0.045, release: 0.11, sustain: 0.75, decay: 0.22,
    filter: { base: 500, open: 4600, settle: 2000, q: 0.8 },
    vibrato: { rate: 5, cents: 5, delay: 0.4 }, gain: 0.36,
  },
  sax: {
    sources: [{ wave: "reed", detune: 0, gain: 0.9 }, { wave: "sawtooth", detune: 3, gain: 0.16 }],
    attack: 0.035, release: 0.1, sustain: 0.85, decay: 0.25,
    filter: { base: 1200, open: 3600, settle: 2600, q: 0.6 },
    formants: [[560, 3, 0.7], [1380, 4, 0.6], [2500, 5, 0.3]],
    breath: 0.035,
    vibrato: { rate: 5.2, cents: 13, delay: 0.28 }, gain: 0.4,
  },
  reed: {
    sources: [{ wave: "reed", detune: 0, gain: 1 }],
    attack: 0.03, release: 0.09, sustain: 0.9, decay: 0.2,
    filter: { base: 1400, open: 1800, settle: 2300, q: 0.4 },
    breath: 0.015,
    vibrato: { rate: 5, cents: 5, delay: 0.3 }, gain: 0.4,
  },
  flute: {
    sources: [{ wave: "triangle", detune: 0, gain: 0.8 }, { wave: "sine", detune: 0, gain: 0.3, octave: 1 }],
    attack: 0.05, release: 0.12, sustain: 0.88, decay: 0.2,
    filter: { base: 2400, open: 1600, settle: 3000, q: 0.3 },
    breath: 0.05,
    vibrato: { rate: 5, cents: 9, delay: 0.25 }, gain: 0.46,
  },
  organ: {
    sources: [{ wave: "organ", detune: -2, gain: 0.5 }, { wave: "organ", detune: 3, gain: 0.5 }],
    attack: 0.008, release: 0.06, sustain: 0.95, decay: 0.1,
    filter: { base: 3200, open: 1500, settle: 4200, q: 0.3 },
    vibrato: { rate: 6.2, cents: 6, delay: 0 }, gain: 0.3,
  },
  pad: {
    sources: [{ wave: "sawtooth", detune: -12, gain: 0.4 }, { wave: "sawtooth", detune: 11, gain: 0.4 }, { wave: "triangle", detune: 0, gain: 0.35, octave: -1 }],
    attack: 0.3, release: 0.7, sustain: 0.9, decay: 0.8,
    filter: { base: 480, open: 900, settle: 1300, q: 0.7 },
    vibrato: NO_VIBRATO, gain: 0.32,
  },
  lead: {
    sources: [{ wave: "sawtooth", detune: -6, gain: 0.45 }, { wave: "square", detune: 5, gain: 0.3 }],
    attack: 0.012, release: 0.12, sustain: 0.7, decay: 0.3,
    filter: { base: 1300, open: 3800, settle: 2200, q: 1.4 },
    vibrato: { rate: 5.6, cents: 9, delay: 0.3 }, gain: 0.32,
  },
  "synth-bass": {
    sources: [{ wave: "sawtooth", detune: 0, gain: 0.45 }, { wave: "square", detune: 4, gain: 0.22 }, { wave: "sine", detune: 0, gain: 0.75 }],
    attack: 0.006, release: 0.08, sustain: 0.72, decay: 0.22,
    filter: { base: 160, open: 1500, settle: 360, q: 2.2 },
    vibrato: NO_VIBRATO, gain: 0.56,
  },
};

// The strengths of the partials, from the fundamental up, of waves that oscillators do not have of themselves.
const PARTIALS = {
  organ: [0, 0.8, 1, 0.75, 0.55, 0, 0.28, 0, 0.35, 0, 0, 0, 0.12],
  reed: [0, 1, 0.28, 0.75, 0.22, 0.5, 0.16, 0.3, 0.1, 0.18, 0.07, 0.1, 0.05],
  glottis: Array.from({ length: 40 }, (_, n) => (n === 0 ? 0 : 1 / n ** 1.25)),
} as const;

const waves = new WeakMap<BaseAudioContext, Map<string, PeriodicWave>>();

function periodic(context: BaseAudioContext, name: keyof typeof PARTIALS): PeriodicWave {
  const known = waves.get(context) ?? new Map<string, PeriodicWave>();
  waves.set(context, known);
  const wave = known.get(name) ?? context.createPeriodicWave(new Float32Array(PARTIALS[name].length), Float32Array.from(PARTIALS[name]));
  known.set(name, wave);
  return wave;
}

const airs = new WeakMap<BaseAudioContext, AudioBuffer>();

/** Two seconds of noise, made once for a context: the air in flutes, reeds and voices. */
function air(context: BaseAudioContext): AudioBuffer {
  const known = airs.get(context);
  if (known) return known;
  const buffer = context.createBuffer(1, context.sampleRate * 2, context.sampleRate);
  const samples = buffer.getChannelData(0);
  let state = 22222;
  for (let i = 0; i < samples.length; i += 1) {
    state = (Math.imul(state, 196314165) + 907633515) >>> 0;
    samples[i] = state / 2147483648 - 1;
  }
  airs.set(context, buffer);
  return buffer;
}

function oscillators(strike: Strike, patch: Patch, frequency: number, to: AudioNode): OscillatorNode[] {
  const { context, when } = strike;
  return patch.sources.map(({ wave, detune, gain, octave = 0 }) => {
    const node = new OscillatorNode(context, { frequency: frequency * 2 ** octave, detune });
    if (wave === "organ" || wave === "reed" || wave === "glottis") node.setPeriodicWave(periodic(context, wave));
    else node.type = wave;
    // Players reach for the note: a few cents of rise at the start are what tells breath and bow from a machine.
    if (patch.attack > 0.03) {
      node.detune.setValueAtTime(detune - 18, when);
      node.detune.linearRampToValueAtTime(detune, when + 0.07);
    }
    node.connect(new GainNode(context, { gain })).connect(to);
    return node;
  });
}

function vibrato(strike: Strike, patch: Patch, targets: readonly OscillatorNode[]): OscillatorNode | undefined {
  const { rate, cents, delay } = patch.vibrato;
  if (cents === 0 || strike.length < delay + 0.12) return undefined;
  const { context, when } = strike;
  const wobble = new OscillatorNode(context, { frequency: rate });
  const depth = new GainNode(context, { gain: 0 });
  depth.gain.setValueAtTime(0, when + delay);
  depth.gain.linearRampToValueAtTime(cents, when + delay + 0.35);
  wobble.connect(depth);
  for (const target of targets) depth.connect(target.detune);
  return wobble;
}

/** The tone through its moving filter and, where it has some, its resonances. */
function colour(strike: Strike, patch: Patch, to: AudioNode): AudioNode {
  const { context, when, velocity } = strike;
  const { base, open, settle, q } = patch.filter;
  const tone = new BiquadFilterNode(context, { type: "lowpass", Q: q, frequency: base });
  const peak = base + open * loudness(velocity);
  tone.frequency.setValueAtTime(base, when);
  tone.frequency.linearRampToValueAtTime(peak, when + patch.attack * 1.1 + 0.01);
  tone.frequency.setTargetAtTime(Math.min(settle, peak), when + patch.attack * 1.1 + 0.01, patch.decay);
  if (!patch.formants) {
    tone.connect(to);
    return tone;
  }
  tone.connect(new GainNode(context, { gain: 0.3 })).connect(to);
  for (const [frequency, sharpness, gain] of patch.formants) {
    tone.connect(new BiquadFilterNode(context, { type: "bandpass", frequency, Q: sharpness })).connect(new GainNode(context, { gain: gain * 1.6 })).connect(to);
  }
  return tone;
}

/** Plays a sound that lasts as long as it is held. */
export function playSustained(strike: Strike, name: SustainedName, pitch: number): Sounding {
  const { context, out, when, velocity } = strike;
  const patch = PATCHES[name];
  const held = Math.max(strike.length, patch.attack + 0.03);
  const until = when + held + patch.release * 2.2;
  const peak = patch.gain * loudness(velocity);
  const shape = new GainNode(context, { gain: 0 });
  shape.gain.setValueAtTime(0, when);
  shape.gain.linearRampToValueAtTime(peak, when + patch.attack);
  shape.gain.setTargetAtTime(peak * patch.sustain, when + patch.attack, patch.decay);
  shape.gain.setTargetAtTime(0, when + held, patch.release / 2.5);
  shape.connect(out);
  const into = colour(strike, patch, shape);
  const nodes: AudioScheduledSourceNode[] = oscillators(strike, patch, frequencyOf(pitch), into);
  const wobble = vibrato(strike, patch, nodes as OscillatorNode[]);
  if (wobble) nodes.push(wobble);
  if (patch.breath) {
    const breath = new AudioBufferSourceNode(context, { buffer: air(context), loop: true });
    const band = new BiquadFilterNode(context, { type: "bandpass", frequency: Math.min(6000, frequencyOf(pitch) * 3.2), Q: 0.8 });
    breath.connect(band).connect(new GainNode(context, { gain: patch.breath * 4 })).connect(shape);
    nodes.push(breath);
  }
  for (const node of nodes) {
    node.start(when);
    node.stop(until);
  }
  return {
    until,
    cut: (moment) => {
      shape.gain.cancelScheduledValues(moment);
      shape.gain.setTargetAtTime(0, moment, 0.015);
      for (const node of nodes) node.stop(moment + 0.1);
    },
  };
}
