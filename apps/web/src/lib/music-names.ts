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

const FIGURES: Readonly<Record<"triad" | "seventh", Readonly<Record<string, string>>>> = {
  triad: { "1": "⁶", "2": "⁶₄" },
  seventh: { "1": "⁶₅", "2": "⁴₃", "3": "⁴₂" },
};

/** A Roman numeral as it is printed: `bVI` is ♭VI, `ii%7` is iiø7, `viio/V` is vii°/V, `I.1` is I⁶. */
export function formatNumeral(numeral: string): string {
  const match = /^([b#]?)([ivIV]+)([^./]*)(?:\.(\d))?(?:\/([b#]?)([ivIV]+))?$/.exec(numeral);
  if (!match) return numeral;
  const [, sign = "", degree = "", quality = "", inversion, appliedSign = "", applied] = match;
  const figures = inversion === undefined ? undefined : FIGURES[quality.includes("7") ? "seventh" : "triad"][inversion];
  const kind = quality.replace(/^o/, "°").replace(/^%/, "ø").replace(/b(?=\d)/g, "♭").replace(/#(?=\d)/g, "♯");
  // The figures of an inverted seventh say the seventh already.
  const rest = figures === undefined ? kind : kind.replace("7", "") + figures;
  return `${SIGNS[sign] ?? ""}${degree}${rest}${applied === undefined ? "" : `/${SIGNS[appliedSign] ?? ""}${applied}`}`;
}

/** A sentence in which every key is named as the reader calls it: "from G mixolydian" is "from G Mixolydian", "de sol mixolidio". */
export function withKeys(text: string, language: Language, names: NoteNames): string {
  const key = new RegExp(`(?<![\\p{L}\\p{N}])[A-G](?:bb|b|##|#)? (?:${Object.keys(MODES).join("|")})(?!\\p{L})`, "gu");
  return text.replace(key, (known) => formatKey(known, language, names));
}

/** A sentence in which every chord symbol is printed as the reader calls it; other words stay. */
export function withChords(text: string, names: NoteNames): string {
  return text.replace(/(?<![\p{L}\p{N}#/])[A-G](?:bb|b|##|#)?(?:maj|min|dim|aug|sus|add|m|[0-9b#+°ø])*(?:\/[A-G](?:b|#)?)?(?![\p{L}\p{N}])/gu, (symbol) =>
    // A lone letter may be a word, as in "A minor"; a sign or a quality makes it a chord.
    symbol.length > 1 ? formatChord(symbol, names) : symbol,
  );
}
