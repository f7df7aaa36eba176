/**
 * The score with only the parts that are wanted, for a narrow screen or a class that reads one line. The note ids stay.
 * An empty choice, or text that is not a partwise score, gives the score as it came.
 */
export function onlyParts(musicxml: string, wanted: readonly string[]): string {
  if (wanted.length === 0) return musicxml;
  const score = new DOMParser().parseFromString(musicxml, "text/xml");
  const parts = [...score.querySelectorAll("score-partwise > part")];
  if (score.querySelector("parsererror") || !parts.some((part) => wanted.includes(part.id))) return musicxml;
  for (const node of [...parts, ...score.querySelectorAll("part-list > score-part")]) {
    if (!wanted.includes(node.id)) node.remove();
  }
  for (const group of score.querySelectorAll("part-list > part-group")) group.remove();
  return new XMLSerializer().serializeToString(score);
}

/**
 * The engraver's drawing without its own style sheet and scripts: the page's policy allows neither, and what the drawing
 * needs is in the page's style sheet.
 */
export function cleanDrawing(svg: string): SVGSVGElement | undefined {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (!(drawing instanceof SVGSVGElement)) return undefined;
  for (const node of drawing.querySelectorAll("style, script, foreignObject")) node.remove();
  return drawing;
}
