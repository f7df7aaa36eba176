import { LAYERS, type Fitting, type Layer, type Mashup } from "@/api/types";

/** A change that several layers of one piece share is told once. */
export interface Change {
  source: string;
  layers: Layer[];
  what: Fitting["what"];
  why: Fitting["why"];
  bars: number[];
}

/** The list of what was changed, each thing once, in the order in which it was told. */
export function changesOf(fittings: readonly Fitting[]): Change[] {
  const changes: Change[] = [];
  for (const { source, layer, what, why, bars = [] } of fittings) {
    const same = changes.find((known) => known.source === source && known.what.en === what.en && known.why.en === why.en && known.bars.join() === bars.join());
    if (!same) changes.push({ source, layers: [layer], what, why, bars: [...bars] });
    else if (!same.layers.includes(layer)) same.layers = LAYERS.filter((known) => known === layer || same.layers.includes(known));
  }
  return changes;
}

/** Whether a record of provenance tells of notes that were brought, and not of a genre's. */
export function isBorrowed(origin: Pick<Mashup["origins"][number], "rule"> | undefined): boolean {
  return origin?.rule.startsWith("borrowed.") ?? false;
}

/** The layer in which a side of the music sounds, where it is one that can be brought. */
export function layerOf(dimension: string): Layer | undefined {
  return ({ melody: "melody", harmony: "chords", bass: "bass", groove: "drums" } as const)[dimension];
}

/** The title of the piece that a layer comes from; undefined where it was made new. */
export function lenderOf(mashup: Pick<Mashup, "credits">, layer: Layer | undefined): string | undefined {
  if (layer === undefined) return undefined;
  return mashup.credits.find((credit) => credit.layers.includes(layer))?.title;
}
