import type { Item, Task } from "@/api/types";
import type { Language } from "@/lib/settings";

/** What somebody answered: choices by index, an order or a matching as indices, a truth, or typed text. */
export type Answer = { kind: "choices"; chosen: number[] } | { kind: "truth"; value: boolean } | { kind: "typed"; text: string };

/** An answer that was checked, with what it earned. */
export interface Given {
  answer: Answer;
  points: number;
}

/** Typed text without what does not matter: case, accents on words, doubled blanks, a sign written in another way. */
export function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll("♭", "b")
    .replaceAll("♯", "#")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/\s+/g, " ");
}

/** The number that was typed, with a point or a comma; undefined when it is none. */
export function typedNumber(text: string): number | undefined {
  const cleaned = text.trim().replace(",", ".").replace("−", "-");
  return /^[+-]?\d+(\.\d+)?$/.test(cleaned) ? Number(cleaned) : undefined;
}

function share(task: Task, answer: Answer): number {
  switch (task.kind) {
    case "multiple_choice":
      return answer.kind === "choices" && answer.chosen[0] === task.key ? 1 : 0;
    case "multiple_select": {
      if (answer.kind !== "choices") return 0;
      const right = answer.chosen.filter((index) => task.key.includes(index)).length;
      const wrong = answer.chosen.length - right;
      // A wrong tick takes back a right one, so that ticking everything earns nothing for sure.
      return Math.max(0, right - wrong) / Math.max(1, task.key.length);
    }
    case "true_false":
      return answer.kind === "truth" && answer.value === task.key ? 1 : 0;
    case "numeric":
      return answer.kind === "typed" && typedNumber(answer.text) === task.key ? 1 : 0;
    case "short_text":
      return answer.kind === "typed" && task.accepted.some((accepted) => plain(accepted) === plain(answer.text)) ? 1 : 0;
    case "ordering":
    case "matching": {
      if (answer.kind !== "choices") return 0;
      const right = task.key.filter((index, place) => answer.chosen[place] === index).length;
      return task.kind === "ordering" ? Number(right === task.key.length) : right / Math.max(1, task.key.length);
    }
  }
}

/** The points that an answer earns, with at most one digit after the point. */
export function grade(item: Pick<Item, "task" | "points">, answer: Answer): number {
  return Math.round(share(item.task, answer) * item.points * 10) / 10;
}

/** The right answer in words. */
export function keyInWords(task: Task, language: Language, truth: { yes: string; no: string }): string {
  switch (task.kind) {
    case "multiple_choice":
      return task.options[task.key]?.[language] ?? "";
    case "multiple_select":
      return task.key.map((index) => task.options[index]?.[language] ?? "").join(", ");
    case "true_false":
      return task.key ? truth.yes : truth.no;
    case "numeric":
      return String(task.key);
    case "short_text":
      return task.accepted[0] ?? "";
    case "ordering":
      return task.key.map((index) => task.entries[index]?.[language] ?? "").join(" → ");
    case "matching":
      return task.left.map((left, i) => `${left[language]}: ${task.right[task.key[i] ?? -1]?.[language] ?? ""}`).join("; ");
  }
}
