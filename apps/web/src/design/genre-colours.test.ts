import { describe, expect, it } from "vitest";
import { LEAST_DISTANCE, PALETTE, contrast, distance, genreColours } from "./genre-colours";

const GENRES = ["jazz_swing", "hip_hop_boom_bap", "classical", "country", "house", "blues", "rock", "folk"];

describe("genre colours", () => {
  it("reach 4.5:1 as text on paper, surface and sunken ground in both themes", () => {
    for (const { name, light, dark } of PALETTE) {
      for (const ground of ["#f4f5f3", "#ffffff", "#e9ebe8"]) expect(contrast(light, ground), name).toBeGreaterThan(4.5);
      for (const ground of ["#0e1016", "#171a22", "#090a0e"]) expect(contrast(dark, ground), name).toBeGreaterThan(4.5);
    }
  });

  it("stay apart for every pair of genres under every kind of colour vision", () => {
    for (const a of GENRES)
      for (const b of GENRES.filter((genre) => genre !== a)) {
        const [first, second] = genreColours([a, b]);
        if (!first || !second) throw new Error("two genres give two colours");
        expect(distance(first.light, second.light), `${a} ${b}`).toBeGreaterThanOrEqual(LEAST_DISTANCE);
        expect(distance(first.dark, second.dark), `${a} ${b}`).toBeGreaterThanOrEqual(LEAST_DISTANCE);
      }
  });

  it("gives four genres four colours and four shapes", () => {
    const four = genreColours(["jazz", "rock", "folk", "blues"]);
    expect(new Set(four.map((colour) => colour.name)).size).toBe(4);
    expect(new Set(four.map((colour) => colour.shape)).size).toBe(4);
  });

  it("measures contrast as WCAG does", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});
