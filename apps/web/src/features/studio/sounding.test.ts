import { describe, expect, it } from "vitest";
import type { Timeline } from "@/player/timeline";
import { cueLines, lineAt, soundingIn, sungOf } from "./sounding";

const note = (id: string, at: number, length: number) => ({ id, part: 0, at, length, pitches: [60], velocity: 80, origin: undefined, written: at });
const timeline: Timeline = {
  notes: [note("long", 0, 8), note("a", 1, 1), note("b", 2, 1), note("c", 4, 2)],
  parts: [],
  bars: [],
  end: 8,
  bpm: 120,
  beat: 1,
};

const syllable = (text: string, note_id: string) => ({ text, note_id, ends_word: true, stressed: false });
const lyrics = {
  title: "",
  theme: "",
  language: "en" as const,
  sections: [
    { section: "chorus", scheme: "A", lines: [{ text: "Sky", hook: true, syllables: [syllable("sky", "c")] }] },
    { section: "verse", scheme: "A", lines: [{ text: "Light on", hook: false, syllables: [syllable("light", "a"), syllable("on", "b")] }] },
    { section: "ghost", scheme: "A", lines: [{ text: "Nobody", hook: false, syllables: [syllable("no", "nowhere")] }] },
  ],
};

describe("what sounds", () => {
  it("names long notes that began before and leaves out those that ended", () => {
    const at = soundingIn(timeline);
    expect(at(0.5).map(({ id }) => id)).toEqual(["long"]);
    expect(at(2).map(({ id }) => id)).toEqual(["long", "b"]);
    expect(at(8)).toEqual([]);
  });
});

describe("sung lines", () => {
  it("are in order of time, whatever the order of sections, without lines that are not sung", () => {
    const lines = cueLines({ lyrics }, timeline);
    expect(lines.map(({ line }) => line.text)).toEqual(["Light on", "Sky"]);
    expect(lines[0]).toMatchObject({ from: 1, to: 3, at: [1, 2] });
  });

  it("shows the line that comes while nothing is sung, and counts syllables", () => {
    const lines = cueLines({ lyrics }, timeline);
    expect(lineAt(lines, 0)).toBe(0);
    expect(lineAt(lines, 3.5)).toBe(1);
    expect(lineAt(lines, 6)).toBe(-1);
    const [first] = lines;
    if (!first) throw new Error("there is a line");
    expect([0.9, 1, 1.9, 2].map((at) => sungOf(first, at))).toEqual([0, 1, 1, 2]);
  });
});
