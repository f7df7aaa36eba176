// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { matching, printedKey } from "./command-palette";
import { belongsToElement, keyName } from "./shortcuts";

const command = (label: string, key?: string) => ({ id: label, label, run: () => undefined, ...(key === undefined ? {} : { key }) });

describe("palette", () => {
  const commands = [command("Idioma: Español"), command("Repetir esta sección", "l"), command("Metrónomo", "m")];

  it("finds every word typed, in any order and without accents, keys first", () => {
    expect(matching(commands, "seccion REP").map(({ label }) => label)).toEqual(["Repetir esta sección"]);
    expect(matching(commands, "").map(({ label }) => label)).toEqual(["Repetir esta sección", "Metrónomo", "Idioma: Español"]);
    expect(matching(commands, "nothing")).toEqual([]);
  });

  it("prints keys as keyboards do", () => {
    expect(printedKey("shift+ArrowLeft")).toBe("Shift ←");
    expect(printedKey(" ")).toBe("Space");
    expect(printedKey("l")).toBe("L");
  });
});

describe("keys", () => {
  const element = (html: string) => {
    document.body.innerHTML = html;
    return document.body.firstElementChild;
  };

  it("tell a digit by its place when Shift prints something else", () => {
    expect(keyName({ key: '"', shiftKey: true, code: "Digit2" })).toBe("shift+2");
    expect(keyName({ key: "L", shiftKey: false })).toBe("l");
    expect(keyName({ key: "?", shiftKey: true, code: "Slash" })).toBe("?");
  });

  it("leave text fields, and Space on buttons, to the element", () => {
    expect(belongsToElement(element("<input>"), "m")).toBe(true);
    expect(belongsToElement(element("<textarea></textarea>"), " ")).toBe(true);
    expect(belongsToElement(element("<button></button>"), " ")).toBe(true);
    expect(belongsToElement(element("<button></button>"), "m")).toBe(false);
    expect(belongsToElement(element("<div></div>"), " ")).toBe(false);
  });
});
