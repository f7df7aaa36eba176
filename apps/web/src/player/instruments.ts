import { recipeFor } from "./bank";
import type { Desk } from "./desk";
import { voiceOf } from "./families";
import type { SampleStore } from "./sample-store";
import type { PlayNote, TimelinePart } from "./timeline";
import { type Sounding, loudness, playSampled } from "./voices/sampled";
import { playSustained } from "./voices/sustained";

/** The one drum that rings only as long as it is written: the foot closes it. */
const OPEN_HAT = 46;

/** Starts every pitch of a note on its part's strip of the desk. */
export function strike(desk: Desk, samples: SampleStore, part: TimelinePart, note: PlayNote, when: number, length: number, context: BaseAudioContext): Sounding[] {
  const out = desk.input(note.part);
  // A chord of six is not six times as loud as one note.
  const velocity = Math.max(1, note.velocity / note.pitches.length ** 0.22);
  return note.pitches.map((pitch, i) => {
    const spread = note.pitches.length > 2 && part.role === "harmony" ? i * 0.006 : 0;
    const stroke = { context, out, when: when + spread, length, velocity };
    const sampled = recipeFor(part, pitch);
    if (!sampled) {
      const voice = part.program === "drums" ? undefined : voiceOf(part.program);
      return playSustained(stroke, voice?.kind === "sustained" ? voice.sound : "pad", pitch);
    }
    const release = part.program === "drums" ? (pitch === OPEN_HAT ? 0.35 : undefined) : part.role === "bass" ? 0.09 : 0.22;
    const darkest = part.program === "drums" ? 9000 : 1300;
    return playSampled(stroke, { buffer: samples.get(sampled.recipe), speed: sampled.speed, release, darkest });
  });
}

/** A click of the metronome: short, woody, higher on the first beat. */
export function click(context: BaseAudioContext, out: AudioNode, when: number, accent: boolean): Sounding {
  const tone = new OscillatorNode(context, { type: "triangle", frequency: accent ? 1760 : 1175 });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, when);
  gain.gain.linearRampToValueAtTime(loudness(accent ? 120 : 95), when + 0.002);
  gain.gain.exponentialRampToValueAtTime(0.0005, when + 0.06);
  tone.connect(gain).connect(out);
  tone.start(when);
  tone.stop(when + 0.08);
  return { until: when + 0.08, cut: (moment) => tone.stop(Math.max(moment, 0)) };
}
