import { describe, expect, it } from "vitest";
import { type Answerer, below, beside, changed, firstOf, moved, shareOf, targetsOf, wayOf, without, withoutLongNames } from "./way";

const one = (model: string, parts = 1): Answerer => ({ provider: "lab", model, parts });
const names = (way: ReturnType<typeof wayOf>) => way.map((step) => step.map(({ model }) => model).join("+")).join(" > ");

describe("a way of questions", () => {
  it("is read by order, whatever the numbers are, and written again from one on", () => {
    const way = wayOf([
      { provider: "lab", model: "c", order: 9, weight: 1 },
      { provider: "lab", model: "a", order: 2, weight: 3 },
      { provider: "lab", model: "b", order: 2, weight: 1 },
    ]);
    expect(names(way)).toBe("a+b > c");
    expect(targetsOf(way)).toEqual([
      { provider: "lab", model: "a", order: 1, weight: 3 },
      { provider: "lab", model: "b", order: 1, weight: 1 },
      { provider: "lab", model: "c", order: 2, weight: 1 },
    ]);
    expect(wayOf(targetsOf(way))).toEqual(way);
    expect(wayOf([])).toEqual([]);
  });

  it("shares by parts", () => {
    const step = [one("a", 3), one("b", 1)];
    expect(step.map((each) => shareOf(each, step))).toEqual([0.75, 0.25]);
    expect(shareOf(one("a", 0), [one("a", 0)])).toBe(0);
  });

  it("begins with a model that somebody offers", () => {
    expect(firstOf([{ name: "cellar", models: [] }, { name: "choir", models: ["tiny", "big"] }])).toEqual({ provider: "choir", model: "tiny" });
    expect(firstOf([{ name: "cellar", models: [] }])).toEqual({ provider: "cellar", model: "" });
    expect(firstOf([])).toEqual({ provider: "", model: "" });
  });

  it("is named once where a model's own name says the same as the long one", () => {
    const target = (provider: string, model: string) => ({ provider, model });
    const named = [
      { name: "lab/tiny", targets: [target("lab", "tiny")] },
      { name: "tiny", targets: [target("lab", "tiny")] },
      { name: "cloud/tiny", targets: [target("cloud", "tiny")] },
      { name: "lab/big", targets: [target("lab", "big"), target("cloud", "big")] },
      { name: "big", targets: [target("lab", "big")] },
    ];
    expect(withoutLongNames(named).map(({ name }) => name)).toEqual(["tiny", "cloud/tiny", "lab/big", "big"]);
  });

  it("is changed step by step", () => {
    const way = below(beside([[one("a")]], 0, one("b")), one("c"));
    expect(names(way)).toBe("a+b > c");
    expect(names(moved(way, 1, -1))).toBe("c > a+b");
    expect(names(moved(way, 0, -1))).toBe("a+b > c");
    expect(names(moved(way, 1, 1))).toBe("a+b > c");
    expect(names(changed(way, 0, 1, { model: "x" }))).toBe("a+x > c");
    expect(names(without(way, 0, 0))).toBe("b > c");
    expect(names(without(way, 1, 0))).toBe("a+b");
  });
});
