import { LAYERS, type Layer, type Loan, type Source } from "@/api/types";

/** Where a layer comes from: the id of a piece, or made new. */
export const NEW = "new";

/** What was chosen by hand; a layer that is absent was left to the page. */
export type Choices = Partial<Record<Layer, string>>;

/** Where every layer comes from: the id of a piece, or `NEW`. */
export type Take = Record<Layer, string>;

type Offering = Pick<Source, "id"> & { facts: Pick<Source["facts"], "layers"> };

export function offers(source: Offering, layer: Layer): boolean {
  return source.facts.layers.some((found) => found.layer === layer);
}

/**
 * What is proposed: melody and chords that belong together from the first piece that has a melody, bass and drums from
 * the last of several, so that two pieces meet. One piece alone keeps its tune and is dressed anew.
 */
export function proposedTake(sources: readonly Offering[]): Take {
  const first = (layer: Layer) => sources.find((source) => offers(source, layer))?.id;
  const melody = first("melody");
  const singer = sources.find((source) => source.id === melody);
  const chords = singer && offers(singer, "chords") ? singer.id : first("chords");
  const rhythm = (layer: Layer) => {
    const last = sources.findLast((source) => offers(source, layer))?.id;
    return sources.length > 1 || last !== melody ? last : undefined;
  };
  return { melody: melody ?? NEW, chords: chords ?? NEW, bass: rhythm("bass") ?? NEW, drums: rhythm("drums") ?? NEW };
}

/** The proposal with what was chosen by hand in its place, as far as the pieces are still there. */
export function takeOf(sources: readonly Offering[], choices: Choices): Take {
  const proposed = proposedTake(sources);
  const possible = (layer: Layer, from: string) => from === NEW || sources.some((source) => source.id === from && offers(source, layer));
  const of = (layer: Layer) => {
    const chosen = choices[layer];
    return chosen !== undefined && possible(layer, chosen) ? chosen : proposed[layer];
  };
  return { melody: of("melody"), chords: of("chords"), bass: of("bass"), drums: of("drums") };
}

/** What the request says of it; nothing when all is made new. */
export function loanOf(take: Take): Loan | undefined {
  const taken = LAYERS.filter((layer) => take[layer] !== NEW);
  if (taken.length === 0) return undefined;
  return { source_ids: [...new Set(taken.map((layer) => take[layer]))], take: Object.fromEntries(taken.map((layer) => [layer, take[layer]])) };
}

/** The layers by where they come from, in the order of the pieces, what is made new last. */
export function groupsOf(take: Take, sources: readonly Offering[]): { from: string; layers: Layer[] }[] {
  return [...sources.map((source) => source.id), NEW]
    .map((from) => ({ from, layers: LAYERS.filter((layer) => take[layer] === from) }))
    .filter((group) => group.layers.length > 0);
}

/** The choices when a piece took the place of another, as when another tune of its file is read. */
export function exchanged(choices: Choices, before: string, after: string): Choices {
  return Object.fromEntries(Object.entries(choices).map(([layer, from]) => [layer, from === before ? after : from]));
}
