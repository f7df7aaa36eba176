import { describe, expect, it } from "vitest";
import type { Task } from "@/api/types";
import { type Answer, grade, keyInWords, plain, typedNumber } from "./grade";

const text = (en: string) => ({ en, es: `${en} (es)` });
const points = (task: Task, answer: Answer, most = 2) => grade({ task, points: most }, answer);
const choices = (...chosen: number[]): Answer => ({ kind: "choices", chosen });
const typed = (value: string): Answer => ({ kind: "typed", text: value });

describe("grading", () => {
  it("gives all or nothing where there is one right answer", () => {
    const task: Task = { kind: "multiple_choice", options: [text("a"), text("b")], key: 1 };
    expect(points(task, choices(1))).toBe(2);
    expect(points(task, choices(0))).toBe(0);
    expect(points(task, choices())).toBe(0);
    expect(points({ kind: "true_false", key: false }, { kind: "truth", value: false })).toBe(2);
    expect(points({ kind: "true_false", key: false }, { kind: "truth", value: true })).toBe(0);
  });

  it("gives a share for several right ones and takes back for wrong ones", () => {
    const task: Task = { kind: "multiple_select", options: [text("a"), text("b"), text("c"), text("d")], key: [0, 1] };
    expect(points(task, choices(0, 1))).toBe(2);
    expect(points(task, choices(0))).toBe(1);
    expect(points(task, choices(0, 1, 2, 3))).toBe(0);
    expect(points(task, choices(2))).toBe(0);
  });

  it("wants the whole order, and counts pairs one by one", () => {
    const entries = [text("a"), text("b"), text("c")];
    expect(points({ kind: "ordering", entries, key: [1, 2, 0] }, choices(1, 2, 0))).toBe(2);
    expect(points({ kind: "ordering", entries, key: [1, 2, 0] }, choices(1, 0, 2))).toBe(0);
    expect(points({ kind: "matching", left: entries, right: entries, key: [1, 0, 2] }, choices(1, 0, 0), 3)).toBe(2);
  });

  it("reads typed answers as a person would", () => {
    const task: Task = { kind: "short_text", accepted: ["bbmaj7", "síncopa"] };
    expect(points(task, typed("  B♭maj7 "))).toBe(2);
    expect(points(task, typed("Sincopa"))).toBe(2);
    expect(points(task, typed("bmaj7"))).toBe(0);
    expect(points({ kind: "numeric", key: 8 }, typed(" 8 "))).toBe(2);
    expect(points({ kind: "numeric", key: 8 }, typed("8 bars"))).toBe(0);
    expect(typedNumber("−3,5")).toBe(-3.5);
    expect(typedNumber("1e3")).toBeUndefined();
    expect(plain("C♯  m")).toBe("c# m");
  });

  it("tells the key in the reader's language", () => {
    expect(keyInWords({ kind: "ordering", entries: [text("a"), text("b")], key: [1, 0] }, "es", { yes: "sí", no: "no" })).toBe("b (es) → a (es)");
    expect(keyInWords({ kind: "true_false", key: true }, "es", { yes: "sí", no: "no" })).toBe("sí");
  });
});
