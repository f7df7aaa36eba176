export interface Wanted {
  /** The ids of the parts to show; none for all. */
  parts: readonly string[];
  /** What each part is called in the reader's language, by id. */
  names: Readonly<Record<string, string>>;
  /** What each section is called in the reader's language, in order. */
  sections: readonly string[];
  /** How swing is written above the first bar, by the note value that swings (`eighth`, `16th`). */
  swing: Readonly<Record<string, string>>;
}

const LONGEST_WORD = 6;

/** A part's name as it stands before all systems but the first: "Double bass" is "D. bass", "Piano" stays. */
export function abbreviated(name: string): string {
  const words = name.split(/\s+/).filter((word) => word.length > 2);
  const [first = name, ...rest] = words;
  const last = rest.at(-1);
  const short = (word: string) => (word.length <= LONGEST_WORD ? word : `${word.slice(0, 4)}.`);
  return last === undefined ? short(first) : `${first.charAt(0)}. ${short(last)}`;
}

function nameParts(score: Document, names: Wanted["names"]): void {
  for (const entry of score.querySelectorAll("part-list > score-part")) {
    const own = names[entry.id];
    if (own === undefined) continue;
    const set = (tag: string, text: string) => {
      const node = entry.querySelector(tag);
      if (node) node.textContent = text;
    };
    set("part-name", own);
    set("part-abbreviation", abbreviated(own));
    // An engraver that finds both shows the other one, which is in the language of the file.
    for (const display of entry.querySelectorAll("part-name-display, part-abbreviation-display")) display.remove();
  }
}

function nameSections(score: Document, sections: Wanted["sections"]): void {
  for (const part of score.querySelectorAll("score-partwise > part")) {
    const marks = part.querySelectorAll("rehearsal");
    // Another number of marks than of sections would put every name in a wrong place.
    if (marks.length === sections.length) for (const [i, mark] of marks.entries()) mark.textContent = sections[i] ?? mark.textContent;
  }
}

function nameSwing(score: Document, swing: Wanted["swing"]): void {
  for (const type of score.querySelectorAll("direction > sound > swing > swing-type")) {
    const words = type.closest("direction")?.querySelector("words");
    const name = swing[type.textContent];
    if (words && name !== undefined) words.textContent = name;
  }
}

/**
 * The score as a reader wants it: the parts in sight, for a narrow screen or a class that reads one line, with its words
 * in the reader's language. The note ids stay. Text that is not a partwise score comes back as it was.
 */
export function asWanted(musicxml: string, { parts: wanted, names, sections, swing }: Wanted): string {
  const score = new DOMParser().parseFromString(musicxml, "text/xml");
  const parts = [...score.querySelectorAll("score-partwise > part")];
  if (score.querySelector("parsererror") || parts.length === 0) return musicxml;
  nameParts(score, names);
  nameSections(score, sections);
  nameSwing(score, swing);
  if (parts.some((part) => wanted.includes(part.id))) {
    for (const node of [...parts, ...score.querySelectorAll("part-list > score-part")]) if (!wanted.includes(node.id)) node.remove();
    for (const group of score.querySelectorAll("part-list > part-group")) group.remove();
  }
  return new XMLSerializer().serializeToString(score);
}

/**
 * The engraver's drawing as nodes, without anything that could run. Its own style sheet stays: it brings the font of the
 * musical signs that stand in texts, such as the note of a tempo mark.
 */
export function cleanDrawing(svg: string): SVGSVGElement | undefined {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (!(drawing instanceof SVGSVGElement)) return undefined;
  for (const node of drawing.querySelectorAll("script, foreignObject")) node.remove();
  return drawing;
}
