import { describe, expect, it } from "vitest";
import type { SourcePlayback } from "@/api/types";
import { PALETTE, type Swatch, distance } from "@/design/genre-colours";
import { timelineOf } from "@/player/timeline";
import { chordBars, deskSwatches, pickups, playableOf, sectionColours, surenessOf } from "./facts";

const chord = (bar: number, symbol: string) => ({ bar, symbol, numeral: "I" });

describe("chords by bar", () => {
  const sections = [
    { label: "A", first: 0, bars: 2 },
    { label: "B", first: 2, bars: 2 },
  ];

  it("hold until the next one, and know their section", () => {
    const bars = chordBars({ bars: 4, sections, chords: [chord(0, "C"), chord(2, "F"), chord(2, "G7")] });
    expect(bars.map(({ number, section, held }) => [number, section, held])).toEqual([
      [1, 0, false],
      [2, 0, true],
      [3, 1, false],
      [4, 1, true],
    ]);
    expect(bars.map(({ chords }) => chords.map(({ symbol }) => symbol).join(" "))).toEqual(["C", "C", "F G7", "G7"]);
  });

  it("are absent before the first, and end after 128 bars", () => {
    expect(chordBars({ bars: 2, sections, chords: [chord(1, "C")] })[0]).toMatchObject({ chords: [], held: true });
    expect(chordBars({ bars: 300, sections, chords: [chord(0, "C")] })).toHaveLength(128);
  });
});

describe("colours", () => {
  it("of the four places on the table stay farther apart, for all eyes, than any other four of the palette", () => {
    const apart = (four: readonly Swatch[]) =>
      Math.min(...four.flatMap((a, i) => four.slice(i + 1).map((b) => Math.min(distance(a.light, b.light), distance(a.dark, b.dark)))));
    const fours = PALETTE.flatMap((a, i) => PALETTE.slice(i + 1).flatMap((b, j) => PALETTE.slice(i + j + 2).flatMap((c, k) => PALETTE.slice(i + j + k + 3).map((d) => [a, b, c, d]))));
    expect(deskSwatches).toHaveLength(4);
    expect(fours).toHaveLength(70);
    expect(apart(deskSwatches)).toBe(Math.max(...fours.map(apart)));
  });

  it("return with the theme, told apart where it is varied", () => {
    const [a, b, again, varied] = sectionColours(["A", "B", "A", "A'"].map((label) => ({ label })));
    expect(again).toEqual(a);
    expect(b?.colour).not.toBe(a?.colour);
    expect(varied).toEqual({ colour: a?.colour, varied: true });
  });
});

describe("sureness", () => {
  it("has three steps", () => {
    expect([0.99, 0.8, 0.54, 0.3].map(surenessOf)).toEqual(["clear", "clear", "likely", "open"]);
  });
});

describe("a piece for the player", () => {
  const part = (id: string, name: string, role: "harmony" | "drums") => ({ id, name: { en: name, es: name }, role, program: role === "drums" ? null : 0, genre: "" });
  const playback: SourcePlayback = {
    parts: [part("P1", "Voice", "harmony"), part("P2", "Piano", "harmony"), part("P3", "Bass", "harmony"), part("P4", "Kit", "drums")],
    measures: [
      { number: 0, start: "0", length: "1" },
      { number: 1, start: "1", length: "4" },
    ],
    tempo_bpm: 90,
    meter: { beats: 4, unit: 4 },
    playback: { end: 5, parts: [{ id: "P3", notes: [{ id: "n", at: 1, d: 1, p: [40], v: 80, w: 1 }] }] },
  };
  const layers = [
    { layer: "melody" as const, part: "Voice", notes: 9 },
    { layer: "bass" as const, part: "Bass", notes: 9 },
  ];

  it("seats its parts as what they play", () => {
    expect(timelineOf(playableOf(playback, { layers })).parts.map(({ role }) => role)).toEqual(["melody", "harmony", "bass", "drums"]);
    expect(playableOf({ ...playback, parts: playback.parts.slice(1, 2) }, { layers: [] }).score.parts[0]?.role).toBe("melody");
  });

  it("counts its bars from the first whole one", () => {
    expect(pickups(playback)).toBe(1);
    expect(pickups({ ...playback, measures: playback.measures.slice(1) })).toBe(0);
  });
});
