import { describe, expect, it } from "vitest";
import { frequencyOf } from "../bank";
import { voiceOf } from "../families";
import { DRUMS, KITS, type Kit, drum, drumOf } from "./drums";
import { RATE } from "./dsp";
import { STRINGS, type StringName, plucked } from "./plucked";
import { electricPiano, mallet, piano } from "./struck";

/** The pitch of a sound in hertz: the lag at which it is most like itself, near a pitch that it should have. */
function pitchNear(samples: Float32Array, expected: number): number {
  const [start, length] = [Math.round(RATE * 0.08), 4096];
  const likeness = (lag: number) => {
    let sum = 0;
    for (let i = start; i < start + length; i += 1) sum += (samples[i] ?? 0) * (samples[i + lag] ?? 0);
    return sum;
  };
  const around = RATE / expected;
  const lags = Array.from({ length: Math.ceil(around * 0.12) + 3 }, (_, i) => Math.floor(around * 0.94) + i);
  const best = lags.reduce((a, b) => (likeness(b) > likeness(a) ? b : a));
  const [before, at, after] = [likeness(best - 1), likeness(best), likeness(best + 1)];
  return RATE / (best + (before - after) / (2 * (before - 2 * at + after)));
}

const cents = (a: number, b: number) => Math.abs(1200 * Math.log2(a / b));

function loudnessOf(samples: Float32Array, from: number, to: number): number {
  const part = samples.subarray(Math.round(from * RATE), Math.round(to * RATE));
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
}

describe("rendered instruments", () => {
  it("are in tune, from the bass to the treble", () => {
    for (const name of Object.keys(STRINGS) as StringName[]) {
      for (const key of name === "upright" || name === "fingered" ? [31, 40] : [45, 57, 69]) {
        const wanted = frequencyOf(key);
        expect(cents(pitchNear(plucked(name, wanted), wanted), wanted), `${name} ${key}`).toBeLessThan(10);
      }
    }
    for (const key of [48, 60, 72]) {
      const wanted = frequencyOf(key);
      expect(cents(pitchNear(piano(wanted), wanted), wanted), `piano ${key}`).toBeLessThan(12);
      expect(cents(pitchNear(electricPiano(wanted), wanted), wanted), `electric piano ${key}`).toBeLessThan(6);
      expect(cents(pitchNear(mallet("vibraphone", wanted), wanted), wanted), `vibraphone ${key}`).toBeLessThan(6);
    }
  });

  it("start at once, die away, and never clip or end with a click", () => {
    const sounds = [piano(220), electricPiano(220), mallet("marimba", 440), plucked("steel", 220), plucked("upright", 55)];
    for (const samples of sounds) {
      expect(samples.every((sample) => Number.isFinite(sample) && Math.abs(sample) <= 0.9001)).toBe(true);
      expect(loudnessOf(samples, 0, 0.1)).toBeGreaterThan(0.05);
      expect(loudnessOf(samples, samples.length / RATE - 0.1, samples.length / RATE)).toBeLessThan(0.25 * loudnessOf(samples, 0, 0.1));
      expect(Math.abs(samples[samples.length - 1] ?? 1)).toBeLessThan(0.01);
    }
  });

  it("gives every drum a sound of its own in every kit", () => {
    for (const kit of KITS)
      for (const name of DRUMS) expect(loudnessOf(drum(name, kit, 120), 0, 0.05), `${kit} ${name}`).toBeGreaterThan(0.01);
    const tail = (kit: Kit) => loudnessOf(drum("kick", kit, 0), 0.2, 0.4);
    expect(tail("electronic")).toBeGreaterThan(2 * Math.max(tail("jazz"), tail("rock"), tail("boom_bap")));
    // Crossings of zero tell how bright a sound is: hip-hop's snare is dark, that of the jazz kit is not.
    const crossings = (samples: Float32Array) => samples.filter((x, i) => i > 0 && x * (samples[i - 1] ?? 0) < 0).length / samples.length;
    expect(crossings(drum("snare", "jazz", 0))).toBeGreaterThan(1.15 * crossings(drum("snare", "boom_bap", 0)));
    for (const one of KITS)
      for (const other of KITS) if (one !== other) for (const name of ["kick", "snare", "closed-hat"] as const) expect(drum(name, one, 0), `${name}: ${one}, ${other}`).not.toEqual(drum(name, other, 0));
  });

  it("knows a drum for each General MIDI percussion key and a voice for each program", () => {
    expect([36, 38, 42, 46, 51].map((key) => drumOf(key).drum)).toEqual(["kick", "snare", "closed-hat", "open-hat", "ride"]);
    for (let key = 0; key < 128; key += 1) expect(DRUMS).toContain(drumOf(key).drum);
    expect([0, 4, 24, 32, 38, 48, 56, 65, 73, 81].map((program) => {
      const voice = voiceOf(program);
      return voice.kind === "string" ? voice.string : voice.kind === "sustained" ? voice.sound : voice.kind;
    })).toEqual(["piano", "electric-piano", "nylon", "upright", "synth-bass", "strings", "brass", "sax", "flute", "lead"]);
  });
});
