import { describe, expect, it } from "vitest";
import type { Layer } from "@/api/types";
import { NEW, exchanged, groupsOf, loanOf, proposedTake, takeOf } from "./take";

const source = (id: string, ...layers: Layer[]) => ({ id, facts: { layers: layers.map((layer) => ({ layer, part: "", notes: 9 })) } });

const song = source("song", "melody", "chords");
const band = source("band", "melody", "chords", "bass", "drums");
const groove = source("groove", "bass", "drums");

describe("what is proposed", () => {
  it("keeps the tune of one piece and makes the rest anew", () => {
    expect(proposedTake([band])).toEqual({ melody: "band", chords: "band", bass: NEW, drums: NEW });
  });

  it("lets two pieces meet: the song of the first, the rhythm of the last", () => {
    expect(proposedTake([song, groove])).toEqual({ melody: "song", chords: "song", bass: "groove", drums: "groove" });
    expect(proposedTake([groove, song])).toEqual({ melody: "song", chords: "song", bass: "groove", drums: "groove" });
    expect(proposedTake([band, song])).toEqual({ melody: "band", chords: "band", bass: "band", drums: "band" });
  });

  it("takes the chords of another piece where the tune has none, and a groove alone as it is", () => {
    expect(proposedTake([source("line", "melody"), band])).toMatchObject({ melody: "line", chords: "band" });
    expect(proposedTake([groove])).toEqual({ melody: NEW, chords: NEW, bass: "groove", drums: "groove" });
    expect(proposedTake([])).toEqual({ melody: NEW, chords: NEW, bass: NEW, drums: NEW });
  });
});

describe("what was chosen by hand", () => {
  it("stands, as long as the piece is there and has the layer", () => {
    expect(takeOf([song, groove], { bass: NEW, drums: "groove" })).toMatchObject({ bass: NEW, drums: "groove" });
    expect(takeOf([song], { bass: "groove", chords: NEW })).toMatchObject({ melody: "song", chords: NEW, bass: NEW });
    expect(takeOf([song, groove], { bass: "song" })).toMatchObject({ bass: "groove" });
  });

  it("goes over to the tune that took the place of another", () => {
    expect(exchanged({ melody: "song", bass: "groove", drums: NEW }, "song", "other")).toEqual({ melody: "other", bass: "groove", drums: NEW });
  });
});

describe("what the request says", () => {
  it("names only the pieces that something is taken from, each once", () => {
    const take = takeOf([song, groove], { bass: NEW, drums: NEW });
    expect(loanOf(take)).toEqual({ source_ids: ["song"], take: { melody: "song", chords: "song" } });
    expect(loanOf(takeOf([song, groove], {}))).toEqual({ source_ids: ["song", "groove"], take: { melody: "song", chords: "song", bass: "groove", drums: "groove" } });
  });

  it("says nothing when all is made new", () => {
    expect(loanOf(takeOf([song], { melody: NEW, chords: NEW }))).toBeUndefined();
  });

  it("is told in the order of the pieces, what is new last", () => {
    expect(groupsOf(takeOf([groove, song], { bass: NEW }), [groove, song])).toEqual([
      { from: "groove", layers: ["drums"] },
      { from: "song", layers: ["melody", "chords"] },
      { from: NEW, layers: ["bass"] },
    ]);
  });
});
