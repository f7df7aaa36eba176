// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { letter, plainSymbol } from "./lettering";

const drawing = (inner: string) => new DOMParser().parseFromString(`<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`, "image/svg+xml").documentElement;

describe("lettering of the score", () => {
  it("reads a chord symbol in whichever signs the engraver wrote it", () => {
    expect(plainSymbol("F\uE262 m7")).toBe("F#m7");
    expect(plainSymbol("B\uED60maj7/D")).toBe("Bbmaj7/D");
    expect(plainSymbol("E♭m7♭5")).toBe("Ebm7b5");
  });

  it("writes a chord of two fonts as one text, in the reader's names", () => {
    const made = drawing(
      '<g class="harm"><text><tspan class="text"><tspan font-size="400px">F</tspan><tspan font-family="Leipzig" font-size="600px">\uE262</tspan><tspan font-size="400px">m7</tspan></tspan></text></g>',
    );
    letter(made, (symbol) => `<${symbol}>`);
    expect(made.querySelector("text")?.textContent).toBe("<F#m7>");
    expect(made.querySelectorAll("tspan[font-size]")).toHaveLength(1);
    expect(made.querySelector("[font-family]")).toBeNull();
  });

  it("makes texts smaller than the room that was left for them, but no musical signs", () => {
    const made = drawing(
      '<g class="syl"><text font-size="0px"><tspan font-size="100px">la</tspan></text></g><g class="tempo"><text><tspan font-family="Leipzig" font-size="100px">x</tspan></text></g>',
    );
    letter(made, (symbol) => symbol);
    expect(Number.parseFloat(made.querySelector(".syl tspan")?.getAttribute("font-size") ?? "")).toBeLessThan(100);
    expect(made.querySelector(".tempo tspan")?.getAttribute("font-size")).toBe("100px");
  });
});
