import { describe, expect, it } from "vitest";
import { formatChord, formatKey } from "./music-names";

describe("names of music", () => {
  it("writes keys in both languages and both ways of naming notes", () => {
    expect(formatKey("Bb minor", "en", "letters")).toBe("B♭ minor");
    expect(formatKey("Bb minor", "es", "solfege")).toBe("si♭ menor");
    expect(formatKey("F# major", "es", "letters")).toBe("F♯ mayor");
  });

  it("writes chords with printed accidentals, in the root, the bass and the tensions", () => {
    expect(formatChord("Bbmaj7/D", "letters")).toBe("B♭maj7/D");
    expect(formatChord("Ebm7b5", "solfege")).toBe("Mi♭m7♭5");
    expect(formatChord("C7#9", "letters")).toBe("C7♯9");
    expect(formatChord("N.C.", "letters")).toBe("N.C.");
  });
});
