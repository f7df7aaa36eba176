// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { readable } from "./changes-list";

const text = (en: string, es: string) => ({ en, es });

describe("list of changes", () => {
  const changes = [
    { what: text("Tempo", "Tempo"), before: text("92 bpm", "92 ppm"), after: text("80 bpm", "80 ppm") },
    { what: text("Key", "Tonalidad"), before: text("G minor", "sol menor"), after: text("G minor", "sol menor") },
  ];

  it("is in the reader's language", () => {
    expect(readable(changes, "es", "letters")).toEqual([{ what: "Tempo", before: "92 ppm", after: "80 ppm" }]);
  });

  it("prints chords with real accidentals", () => {
    const chords = [{ what: text("Chords", "Acordes"), before: text("F#m7 B7", "F#m7 B7"), after: text("F#m9 B13", "F#m9 B13") }];
    expect(readable(chords, "en", "letters")).toEqual([{ what: "Chords", before: "F♯m7 B7", after: "F♯m9 B13" }]);
  });

  it("leaves out what reads the same before and after", () => {
    expect(readable(changes, "en", "letters").map(({ what }) => what)).toEqual(["Tempo"]);
  });
});
