/**
 * Sets the texts of an engraved score in the program's own type. The engraver places each text by the widths of Times,
 * which are not those of the font that is shown: every text here is made narrow enough for the room that was left for it.
 */

/** The size of a text in parts of the size that room was left for. */
const SIZES: readonly (readonly [selector: string, size: number])[] = [
  ["g.syl", 0.88],
  ["g.harm", 0.94],
  ["g.reh", 0.84],
  ["g.tempo", 0.9],
  ["g.dir", 0.88],
  ["g.label, g.labelAbbr", 0.88],
];

/** The signs of the engraver's music font that stand in chord symbols, as plain signs. */
const SIGNS: Readonly<Record<string, string>> = {
  "\uE260": "b",
  "\uE262": "#",
  "\uE263": "##",
  "\uE264": "bb",
  "\uEA64": "b",
  "\uEA66": "#",
  "\uED60": "b",
  "\uED62": "#",
  "♭": "b",
  "♯": "#",
};

/** The chord symbol that an engraved text says, in plain signs. */
export function plainSymbol(text: string): string {
  return Array.from(text.replace(/\s+/g, ""), (sign) => SIGNS[sign] ?? sign).join("");
}

function resize(drawing: Element): void {
  for (const [selector, size] of SIZES)
    for (const span of drawing.querySelectorAll(selector.replace(/(g\.\w+)/g, "$1 tspan[font-size]"))) {
      if (span.getAttribute("font-family") !== null) continue;
      span.setAttribute("font-size", `${Math.round(Number.parseFloat(span.getAttribute("font-size") ?? "0") * size)}px`);
    }
}

/** Writes each chord symbol as one text, in the reader's note names, instead of letters and signs of two fonts. */
function spellChords(drawing: Element, spell: (symbol: string) => string): void {
  for (const text of drawing.querySelectorAll("g.harm text")) {
    const spans = [...text.querySelectorAll("tspan[font-size]")];
    const [first, ...rest] = [...spans.filter((span) => span.getAttribute("font-family") === null), ...spans.filter((span) => span.getAttribute("font-family") !== null)];
    if (!first) continue;
    const symbol = plainSymbol(text.textContent);
    for (const span of rest) span.remove();
    first.textContent = spell(symbol);
  }
}

/** What can be done before the drawing is on the page. */
export function letter(drawing: Element, spell: (symbol: string) => string): void {
  spellChords(drawing, spell);
  resize(drawing);
}

/** The air that stays between neighbours in a row of texts, in units of the drawing. */
const AIR_AFTER = { chord: 110, word: 120, syllable: 40 } as const;

/** How narrow a text may be set before it is rather let touch its neighbour, in parts of its natural width. */
const NARROWEST = 0.7;

/** Bars that are crowded on a narrow screen: a text that would run into the next of its row is set as narrow as it must be. */
function narrow(texts: readonly SVGTextElement[], airAfter: (text: SVGTextElement) => number): void {
  const row = texts.map((text) => ({ text, box: text.getBBox() })).sort((a, b) => a.box.x - b.box.x);
  for (const [i, { text, box }] of row.entries()) {
    const next = row[i + 1]?.box;
    const room = next ? next.x - box.x - airAfter(text) : Infinity;
    if (box.width <= room) continue;
    text.setAttribute("textLength", String(Math.round(Math.max(room, box.width * NARROWEST))));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

function narrowRows(drawing: SVGSVGElement): void {
  for (const system of drawing.querySelectorAll("g.system")) {
    narrow([...system.querySelectorAll<SVGTextElement>("g.harm text")], () => AIR_AFTER.chord);
    const rows = new Map<string, SVGTextElement[]>();
    for (const text of system.querySelectorAll<SVGTextElement>("g.syl > text")) {
      const y = text.getAttribute("y") ?? "";
      rows.set(y, [...(rows.get(y) ?? []), text]);
    }
    // A line after a syllable is the hyphen that the engraver drew: what follows belongs to the same word.
    for (const row of rows.values()) narrow(row, (text) => (text.parentElement?.querySelector(":scope > rect") ? AIR_AFTER.syllable : AIR_AFTER.word));
  }
}

/** The air between a section's tag and the chord symbol beside it, in parts of the tag's height. */
const AIR = 0.35;

/**
 * Makes each section's mark a tag that fits its name. Its foot stands no lower
 * than where the engraver put it, and it gives way to the left where a chord symbol stands beside it.
 */
function tagSections(drawing: SVGSVGElement): void {
  for (const mark of drawing.querySelectorAll("g.reh")) {
    const [rect, text] = [mark.querySelector("rect"), mark.querySelector("text")];
    if (!rect || !text) continue;
    const [x, y, height] = ["x", "y", "height"].map((name) => Number(rect.getAttribute(name))) as [number, number, number];
    const tall = height * 0.9;
    const pad = tall * 0.38;
    text.setAttribute("text-anchor", "start");
    const box = text.getBBox();
    const width = box.width + pad * 2;
    const chord = mark.closest("g.measure")?.querySelector<SVGTextElement>("g.harm text")?.getBBox();
    const beside = chord !== undefined && chord.y < y + tall;
    const left = Math.max(0, beside ? Math.min(x, chord.x - width - tall * AIR) : x);
    rect.setAttribute("x", String(left));
    text.setAttribute("x", String(left + pad));
    rect.setAttribute("width", String(width));
    rect.setAttribute("height", String(tall));
    rect.setAttribute("rx", String(tall * 0.22));
    text.setAttribute("y", String(Number(text.getAttribute("y")) + y + tall / 2 - (box.y + box.height / 2)));
  }
}

/** What has to wait until the drawing is on the page and its fonts are there, because only then a text has a width. */
export function fit(drawing: SVGSVGElement): void {
  narrowRows(drawing);
  tagSections(drawing);
}
