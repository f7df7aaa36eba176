import type { Mallet } from "./recipes/struck";
import type { StringName } from "./recipes/plucked";

/** How a sustained sound is made while it lasts. */
export type SustainedName = "strings" | "solo-strings" | "voice" | "brass" | "sax" | "reed" | "flute" | "organ" | "pad" | "lead" | "synth-bass";

/** The voice that stands for a General MIDI program. */
export type Voice =
  | { kind: "piano" }
  | { kind: "electric-piano" }
  | { kind: "mallet"; mallet: Mallet }
  | { kind: "string"; string: StringName }
  | { kind: "sustained"; sound: SustainedName };

const string = (name: StringName): Voice => ({ kind: "string", string: name });
const mallet = (name: Mallet): Voice => ({ kind: "mallet", mallet: name });
const sustained = (sound: SustainedName): Voice => ({ kind: "sustained", sound });

// The last program of each run, in order of General MIDI, and what plays the run.
const RUNS: readonly (readonly [last: number, voice: Voice])[] = [
  [3, { kind: "piano" }],
  [5, { kind: "electric-piano" }],
  [6, string("harpsichord")],
  [7, string("clean")],
  [10, mallet("bell")],
  [11, mallet("vibraphone")],
  [13, mallet("marimba")],
  [14, mallet("bell")],
  [15, string("harp")],
  [23, sustained("organ")],
  [24, string("nylon")],
  [25, string("steel")],
  [27, string("clean")],
  [28, string("muted")],
  [30, string("overdriven")],
  [31, string("clean")],
  [32, string("upright")],
  [35, string("fingered")],
  [37, string("slapped")],
  [39, sustained("synth-bass")],
  [42, sustained("solo-strings")],
  [44, sustained("strings")],
  [45, string("pizzicato")],
  [46, string("harp")],
  [47, mallet("marimba")],
  [51, sustained("strings")],
  [54, sustained("voice")],
  [55, sustained("brass")],
  [63, sustained("brass")],
  [67, sustained("sax")],
  [71, sustained("reed")],
  [79, sustained("flute")],
  [84, sustained("lead")],
  [85, sustained("voice")],
  [87, sustained("lead")],
  [95, sustained("pad")],
  [103, sustained("pad")],
  [104, string("harp")],
  [107, string("banjo")],
  [108, mallet("marimba")],
  [110, sustained("solo-strings")],
  [111, sustained("reed")],
  [115, mallet("bell")],
  [119, mallet("marimba")],
  [127, sustained("pad")],
];

/** The voice of a General MIDI program, 0 to 127; a piano for anything else. */
export function voiceOf(program: number): Voice {
  return RUNS.find(([last]) => program <= last && program >= 0)?.[1] ?? { kind: "piano" };
}

/** Where a part sits in the mix before the listener touches it: loudness, place, and how much room it gets. */
export interface Seat {
  gain: number;
  pan: number;
  reverb: number;
  /** What lies under it is cut away, in hertz, so that the bass has its own floor. */
  lowCut: number;
}

/** The usual seat of a role; harmony parts are spread left and right in turn by `place`. */
export function seatOf(role: string, place: number): Seat {
  const side = place % 2 === 0 ? 1 : -1;
  switch (role) {
    case "melody":
      return { gain: 0.95, pan: 0, reverb: 0.3, lowCut: 120 };
    case "counter":
      return { gain: 0.6, pan: 0.4 * side, reverb: 0.32, lowCut: 140 };
    case "harmony":
      return { gain: 0.62, pan: 0.28 * side, reverb: 0.22, lowCut: 110 };
    case "pad":
      return { gain: 0.36, pan: -0.2 * side, reverb: 0.42, lowCut: 150 };
    case "bass":
      return { gain: 0.9, pan: 0, reverb: 0.04, lowCut: 30 };
    default:
      return { gain: 0.85, pan: 0, reverb: 0.12, lowCut: 28 };
  }
}
