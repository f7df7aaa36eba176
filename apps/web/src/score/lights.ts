const SVG = "http://www.w3.org/2000/svg";

/** How far a bar's light reaches over its outer staves, in units of the drawing: a staff space is 180. */
const OVERHANG = 170;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The id of the note that a drawn one belongs to: what is tied to it over a bar line is written as `<id>-t2`, `-t3`. */
function wholeNote(id: string): string {
  return id.replace(/-t\d+$/, "");
}

/** The rectangle that the staves of a bar cover, in the bar's own coordinates. */
function barBox(measure: SVGGraphicsElement): Box | undefined {
  const staves = measure.querySelectorAll<SVGGraphicsElement>("g.staff");
  let box: Box | undefined;
  for (const staff of staves) {
    for (const line of staff.querySelectorAll<SVGGraphicsElement>(":scope > path")) {
      const { x, y, width, height } = line.getBBox();
      const [left, top] = [Math.min(box?.x ?? x, x), Math.min(box?.y ?? y, y)];
      const right = Math.max(box ? box.x + box.width : 0, x + width);
      const bottom = Math.max(box ? box.y + box.height : 0, y + height);
      box = { x: left, y: top, width: right - left, height: bottom - top };
    }
  }
  return box;
}

/**
 * Lights on an engraved score: what sounds, which bar is being played, what a claim points to, and which genre a note
 * came from. It touches classes and a few rectangles only, so a frame costs little.
 */
export class ScoreLights {
  private readonly bars: SVGGraphicsElement[];
  private readonly notes = new Map<string, Element[]>();
  private readonly root: SVGSVGElement;
  private sounding: Element[] = [];
  private bar = -1;

  constructor(root: SVGSVGElement) {
    this.root = root;
    this.bars = [...root.querySelectorAll<SVGGraphicsElement>("g.measure")];
    for (const note of root.querySelectorAll("g.note[id], g.chord[id], g.rest[id]")) {
      const id = wholeNote(note.id);
      this.notes.set(id, [...(this.notes.get(id) ?? []), note.closest("g.chord") ?? note]);
    }
  }

  /** Shows which notes sound now. */
  sound(ids: readonly string[]): void {
    const now = ids.flatMap((id) => this.notes.get(id) ?? []);
    for (const note of this.sounding) if (!now.includes(note)) note.classList.remove("is-sounding");
    for (const note of now) note.classList.add("is-sounding");
    this.sounding = now;
  }

  /** Shows which bar is being played; returns it when it is another one than before. */
  playBar(index: number): SVGGraphicsElement | undefined {
    if (index === this.bar) return undefined;
    this.bar = index;
    this.frame("bar-now", [index]);
    return this.bars[index];
  }

  /** Lights bars and notes that something points to, and puts out those of before. */
  point(indices: readonly number[], notes: readonly string[]): SVGGraphicsElement | undefined {
    this.frame("bar-lit", indices);
    for (const note of this.root.querySelectorAll(".is-lit")) note.classList.remove("is-lit");
    for (const id of notes) for (const note of this.notes.get(id) ?? []) note.classList.add("is-lit");
    return this.bars[indices[0] ?? -1];
  }

  /** Marks the note whose reason is shown; returns it if it is drawn. */
  select(id: string | undefined): Element | undefined {
    for (const note of this.root.querySelectorAll(".is-selected")) note.classList.remove("is-selected");
    const drawn = this.notes.get(id ?? "") ?? [];
    for (const note of drawn) note.classList.add("is-selected");
    return drawn[0];
  }

  /** Gives each note the colour of its genre, or takes all colours away. */
  tint(colourOf: ((id: string) => string | undefined) | undefined): void {
    for (const [id, drawn] of this.notes) {
      const colour = colourOf?.(id);
      // Of the heads of a chord only one bears the id that the piece knows; the others must not undo its colour.
      if (colourOf && colour === undefined) continue;
      for (const note of drawn) {
        if (!(note instanceof SVGElement)) continue;
        note.style.setProperty("--tint", colour ?? "");
        note.classList.toggle("is-tinted", colour !== undefined);
      }
    }
  }

  /** The index of the bar that an element lies in. */
  barOf(element: Element): number {
    const measure = element.closest("g.measure");
    return this.bars.findIndex((bar) => bar === measure);
  }

  /** The index of the bar at a point of the screen, for a click between the notes. */
  barAt(x: number, y: number): number {
    return this.bars.findIndex((bar) => {
      const box = bar.getBoundingClientRect();
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    });
  }

  private frame(name: string, indices: readonly number[]): void {
    for (const old of this.root.querySelectorAll(`rect.${name}`)) old.remove();
    for (const index of indices) {
      const measure = this.bars[index];
      const box = measure && barBox(measure);
      if (!box) continue;
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", name);
      rect.setAttribute("x", String(box.x));
      rect.setAttribute("y", String(box.y - OVERHANG));
      rect.setAttribute("width", String(box.width));
      rect.setAttribute("height", String(box.height + 2 * OVERHANG));
      rect.setAttribute("rx", "120");
      measure.prepend(rect);
    }
  }
}

/** The id of the note under an element, if it is one that the piece knows. */
export function noteIdOf(element: Element, known: (id: string) => boolean): string | undefined {
  for (let at: Element | null = element; at && !at.classList.contains("measure"); at = at.parentElement) {
    if (at.id && known(wholeNote(at.id))) return wholeNote(at.id);
    if (at.classList.contains("chord")) {
      const inside = [...at.querySelectorAll("g.note[id]")].map((note) => wholeNote(note.id)).find(known);
      if (inside !== undefined) return inside;
    }
  }
  return undefined;
}
