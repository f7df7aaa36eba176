import type { Language, NoteNames } from "./settings";

const SOLFEGE: Readonly<Record<string, string>> = { C: "do", D: "re", E: "mi", F: "fa", G: "sol", A: "la", B: "si" };
const SIGNS: Readonly<Record<string, string>> = { b: "♭", bb: "𝄫", "#": "♯", "##": "𝄪" };
const MODES: Readonly<Record<string, Record<Language, string>>> = {
  major: { en: "major", es: "mayor" },
  minor: { en: "minor", es: "menor" },
  dorian: { en: "Dorian", es: "dórico" },
  mixolydian: { en: "Mixolydian", es: "mixolidio" },
  phrygian: { en: "Phrygian", es: "frigio" },
  locrian: { en: "Locrian", es: "locrio" },
  lydian: { en: "Lydian", es: "lidio" },
};

/** A note's name as the reader calls it: `Bb` is B♭ or si♭. */
export function formatNote(name: string, names: NoteNames): string {
  const match = /^([A-G])(bb|b|##|#)?/.exec(name);
  if (!match) return name;
  const [, letter = "", sign = ""] = match;
  return (names === "solfege" ? (SOLFEGE[letter] ?? letter) : letter) + (SIGNS[sign] ?? "");
}

/** A key as the reader calls it: `Bb minor` is "B♭ minor", "si♭ menor". */
export function formatKey(key: string, language: Language, names: NoteNames): string {
  const [tonic = "", mode = ""] = key.split(" ");
  const note = formatNote(tonic, names);
  return `${note} ${MODES[mode]?.[language] ?? mode}`.trim();
}

/** A chord symbol with printed accidentals and the reader's note names: `Bbmaj7/D` is B♭maj7/D, Si♭maj7/Re. */
export function formatChord(symbol: string, names: NoteNames): string {
  return symbol
    .split("/")
    .map((part) => {
      const root = /^[A-G](bb|b|##|#)?/.exec(part)?.[0];
      if (root === undefined) return part;
      const note = formatNote(root, names);
      const rest = part.slice(root.length).replace(/b(?=\d)/g, "♭").replace(/#(?=\d)/g, "♯");
      return note.charAt(0).toUpperCase() + note.slice(1) + rest;
    })
    .join("/");
}
