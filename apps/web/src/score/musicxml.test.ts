// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { abbreviated, asWanted, cleanDrawing } from "./musicxml";

const SCORE = `<?xml version="1.0"?><score-partwise><part-list><part-group number="1" type="start"/>
<score-part id="voice"><part-name>Voice</part-name></score-part><score-part id="bass"><part-name>Bass</part-name></score-part></part-list>
<part id="voice"><measure number="1"><note id="n-voice-1-0"/></measure></part><part id="bass"><measure number="1"/></part></score-partwise>`;

const plain = { sections: [], swing: {} };

describe("score for a reader", () => {
  it("keeps the wanted parts with their notes' ids, and their names in the reader's language", () => {
    const made = asWanted(SCORE, { parts: ["voice"], names: { voice: "Voz", bass: "Bajo" }, ...plain });
    expect(made).toContain("n-voice-1-0");
    expect(made).toContain("<part-name>Voz</part-name>");
    expect(made).not.toContain("bass");
    expect(made).not.toContain("part-group");
  });

  it("names sections and swing in the reader's language, unless the sections are not those of the piece", () => {
    const marks = SCORE.replace(
      '<measure number="1"><note',
      '<measure number="1"><direction><direction-type><rehearsal>Verse</rehearsal></direction-type></direction><direction><direction-type><words>Swing sixteenths (57% : 43%)</words></direction-type><sound><swing><swing-type>16th</swing-type></swing></sound></direction><note',
    );
    const wanted = { parts: [], names: {}, sections: ["Estrofa"], swing: { "16th": "Semicorcheas con swing" } };
    const made = asWanted(marks, wanted);
    expect(made).toContain("<rehearsal>Estrofa</rehearsal>");
    expect(made).toContain("<words>Semicorcheas con swing</words>");
    expect(asWanted(marks, { ...wanted, sections: ["Estrofa", "Final"] })).toContain("<rehearsal>Verse</rehearsal>");
  });

  it("shortens the names of parts so that they can still be read", () => {
    for (const [name, short] of [
      ["Voice", "Voice"],
      ["Double bass", "D. bass"],
      ["Sampled vibraphone", "S. vibr."],
      ["Guitarra de jazz", "G. jazz"],
      ["Contrabajo", "Cont."],
      ["Caja de ritmos", "C. ritmos"],
      ["Oz", "Oz"],
    ] as const)
      expect(abbreviated(name)).toBe(short);
  });

  it("shows all parts when none, or none that exists, is chosen", () => {
    for (const parts of [[], ["trombone"]]) {
      const made = asWanted(SCORE, { parts, names: {}, ...plain });
      expect(made).toContain('<part id="voice">');
      expect(made).toContain('<part id="bass">');
    }
  });

  it("hands back what it cannot read", () => {
    expect(asWanted("<score-partwise>", { parts: [], names: {}, ...plain })).toBe("<score-partwise>");
    expect(asWanted("no score", { parts: ["voice"], names: {}, ...plain })).toBe("no score");
  });

  it("takes out of a drawing what could run, and leaves its fonts", () => {
    const drawing = cleanDrawing('<svg xmlns="http://www.w3.org/2000/svg"><style>@font-face{font-family:Leipzig}</style><script>alert(1)</script><g id="a"/></svg>');
    expect(drawing?.outerHTML).not.toContain("script");
    expect(drawing?.outerHTML).toContain("Leipzig");
    expect(drawing?.querySelector("#a")).not.toBeNull();
    expect(cleanDrawing("not a drawing")).toBeUndefined();
  });
});
