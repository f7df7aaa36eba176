import { describe, expect, it } from "vitest";
import type { Credit, Fitting, Layer } from "@/api/types";
import { changesOf, isBorrowed, layerOf, lenderOf } from "./borrowed";

const text = (en: string) => ({ en, es: en });
const fitting = (layer: Layer, what: string, bars?: number[], source = "Ode"): Fitting => ({ layer, source, what: text(what), why: text("So that it fits."), ...(bars ? { bars } : {}) });

describe("list of what was changed", () => {
  it("tells once what several layers share, in the order of the layers", () => {
    const changes = changesOf([fitting("bass", "Up two semitones."), fitting("melody", "Up two semitones."), fitting("melody", "Softened.", [3, 4])]);
    expect(changes.map(({ layers, what, bars }) => [layers, what.en, bars])).toEqual([
      [["melody", "bass"], "Up two semitones.", []],
      [["melody"], "Softened.", [3, 4]],
    ]);
  });

  it("keeps apart what was done to other pieces or in other bars", () => {
    expect(changesOf([fitting("melody", "Softened.", [3]), fitting("bass", "Softened.", [4]), fitting("drums", "Softened.", [3], "Bus")])).toHaveLength(3);
  });
});

describe("lender", () => {
  it("is the piece that a layer comes from", () => {
    const credit = (title: string, layers: Layer[]): Credit => ({ source_id: title, title, licence: "own_work", credit: "", layers });
    const mashup = { credits: [credit("Ode", ["melody", "chords"]), credit("Bus", ["drums"])] };
    expect(lenderOf(mashup, "drums")).toBe("Bus");
    expect(lenderOf(mashup, "bass")).toBeUndefined();
    expect(["groove", "harmony", "form"].map((dimension) => lenderOf(mashup, layerOf(dimension)))).toEqual(["Bus", "Ode", undefined]);
  });

  it("is told from a genre by the rule of a note", () => {
    expect([isBorrowed({ rule: "borrowed.bass" }), isBorrowed({ rule: "bass.walking" }), isBorrowed(undefined)]).toEqual([true, false, false]);
  });
});
