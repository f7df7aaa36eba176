export interface Wanted {
  /** The ids of the parts to show; none for all. */
  parts: readonly string[];
  /** What each part is called in the reader's language, by id. */
  names: Readonly<Record<string, string>>;
}

/**
 * The score as a reader wants it: the parts in sight, for a narrow screen or a class that reads one line, with their
 * names in the reader's language. The note ids stay. Text that is not a partwise score comes back as it was.
 */
export function asWanted(musicxml: string, { parts: wanted, names }: Wanted): string {
  const score = new DOMParser().parseFromString(musicxml, "text/xml");
  const parts = [...score.querySelectorAll("score-partwise > part")];
  if (score.querySelector("parsererror") || parts.length === 0) return musicxml;
  for (const entry of score.querySelectorAll("part-list > score-part")) {
    const name = entry.querySelector("part-name");
    const own = names[entry.id];
    if (name && own !== undefined) name.textContent = own;
    // An engraver that finds both shows the other one, which is in the language of the file.
    entry.querySelector("part-name-display")?.remove();
  }
  if (parts.some((part) => wanted.includes(part.id))) {
    for (const node of [...parts, ...score.querySelectorAll("part-list > score-part")]) if (!wanted.includes(node.id)) node.remove();
    for (const group of score.querySelectorAll("part-list > part-group")) group.remove();
  }
  return new XMLSerializer().serializeToString(score);
}

/**
 * The engraver's drawing as nodes, without anything that could run. Its own style sheet stays: it brings the font of the
 * musical signs that stand in texts, such as the flat of a chord symbol.
 */
export function cleanDrawing(svg: string): SVGSVGElement | undefined {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (!(drawing instanceof SVGSVGElement)) return undefined;
  for (const node of drawing.querySelectorAll("script, foreignObject")) node.remove();
  return drawing;
}
