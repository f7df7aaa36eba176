// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { asWanted, cleanDrawing } from "./musicxml";

const SCORE = `<?xml version="1.0"?><score-partwise><part-list><part-group number="1" type="start"/>
<score-part id="voice"><part-name>Voice</part-name></score-part><score-part id="bass"><part-name>Bass</part-name></score-part></part-list>
<part id="voice"><measure number="1"><note id="n-voice-1-0"/></measure></part><part id="bass"><measure number="1"/></part></score-partwise>`;

describe("score for a reader", () => {
  it("keeps the wanted parts with their notes' ids, and their names in the reader's language", () => {
    const made = asWanted(SCORE, { parts: ["voice"], names: { voice: "Voz", bass: "Bajo" } });
    expect(made).toContain("n-voice-1-0");
    expect(made).toContain("<part-name>Voz</part-name>");
    expect(made).not.toContain("bass");
    expect(made).not.toContain("part-group");
  });

  it("shows all parts when none, or none that exists, is chosen", () => {
    for (const parts of [[], ["trombone"]]) {
      const made = asWanted(SCORE, { parts, names: {} });
      expect(made).toContain('<part id="voice">');
      expect(made).toContain('<part id="bass">');
    }
  });

  it("hands back what it cannot read", () => {
    expect(asWanted("<score-partwise>", { parts: [], names: {} })).toBe("<score-partwise>");
    expect(asWanted("no score", { parts: ["voice"], names: {} })).toBe("no score");
  });

  it("takes out of a drawing what could run, and leaves its fonts", () => {
    const drawing = cleanDrawing('<svg xmlns="http://www.w3.org/2000/svg"><style>@font-face{font-family:Leipzig}</style><script>alert(1)</script><g id="a"/></svg>');
    expect(drawing?.outerHTML).not.toContain("script");
    expect(drawing?.outerHTML).toContain("Leipzig");
    expect(drawing?.querySelector("#a")).not.toBeNull();
    expect(cleanDrawing("not a drawing")).toBeUndefined();
  });
});
