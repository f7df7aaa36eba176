// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { readable } from "./changes-list";

const text = (en: string, es: string) => ({ en, es });

describe("list of changes", () => {
  const changes = [
    { what: text("Tempo", "Tempo"), before: text("92 bpm", "92 ppm"), after: text("80 bpm", "80 ppm") },
    { what: text("Key", "Tonalidad"), before: text("G minor", "sol menor"), after: text("G minor", "sol menor") },
  ];

  it("is in the reader's language", () => {
    expect(readable(changes, "es")).toEqual([{ what: "Tempo", before: "92 ppm", after: "80 ppm" }]);
  });

  it("leaves out what reads the same before and after", () => {
    expect(readable(changes, "en").map(({ what }) => what)).toEqual(["Tempo"]);
  });
});
