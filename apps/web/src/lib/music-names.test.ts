import { describe, expect, it } from "vitest";
import { formatChord, formatKey, formatNumeral, withChords, withKeys } from "./music-names";

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

  it("writes Roman numerals as they are printed", () => {
    for (const [numeral, printed] of [
      ["ii%7", "iiø7"],
      ["bVImaj7", "♭VImaj7"],
      ["viio7/V", "vii°7/V"],
      ["I.1", "I⁶"],
      ["V7.1", "V⁶₅"],
      ["V7b9", "V7♭9"],
      ["N.C.", "N.C."],
    ] as const)
      expect(formatNumeral(numeral)).toBe(printed);
  });

  it("prints the chords in a sentence and leaves its words alone", () => {
    expect(withChords("F#m7 B7 Em7 Bb", "letters")).toBe("F♯m7 B7 Em7 B♭");
    expect(withChords("A minor, Bach and Ebmaj9", "letters")).toBe("A minor, Bach and E♭maj9");
    expect(withChords("F#m7, Dm", "solfege")).toBe("Fa♯m7, Rem");
  });

  it("names the keys in a sentence as the reader does", () => {
    expect(withKeys("De G mixolydian a Bb major, 5 semitonos abajo.", "es", "solfege")).toBe("De sol mixolidio a si♭ mayor, 5 semitonos abajo.");
    expect(withKeys("Todo está en D major, la tonalidad de «F# minor».", "es", "letters")).toBe("Todo está en D mayor, la tonalidad de «F♯ menor».");
    expect(withKeys("A majority of BACH minor", "en", "letters")).toBe("A majority of BACH minor");
  });
});
