import type { Period, Used } from "@/api/model-types";

export const MEASURES = ["cost", "tokens", "calls"] as const;
export type Measure = (typeof MEASURES)[number];

/** How far back is looked, in days: some thirty bars of days, a quarter of weeks, a year of months. */
export const BACK: Readonly<Record<Period, number>> = { day: 29, week: 83, month: 364 };

const DAY = 86_400_000;

export const measured = (used: Used, measure: Measure): number => (measure === "cost" ? Number(used.cost) : measure === "tokens" ? used.input_tokens + used.output_tokens : used.calls);

/** The first moment of the period that a moment lies in, by UTC; weeks begin on Monday, as those of the server do. */
export function beginOf(moment: number, period: Period): number {
  const date = new Date(moment);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === "month") return Date.UTC(year, month);
  return Date.UTC(year, month, day) - (period === "week" ? ((date.getUTCDay() + 6) % 7) * DAY : 0);
}

/** The first moments of all periods from one moment to another: those in which nothing was asked too. */
export function periodsBetween(since: number, until: number, period: Period): number[] {
  const all: number[] = [];
  for (let at = beginOf(since, period); at <= until; ) {
    all.push(at);
    const date = new Date(at);
    at = period === "month" ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) : at + (period === "week" ? 7 : 1) * DAY;
  }
  return all;
}

export interface Series {
  /** Who or what it is, as the server names it; undefined: all who are not among the largest. */
  name: string | undefined;
  total: number;
  /** One value for each period. */
  values: number[];
}

/** The largest by their totals, each with its values, and the others summed up as the last. */
export function seriesOf(used: readonly Used[], periods: readonly number[], measure: Measure, most: number): Series[] {
  const named = new Map<string, Series>();
  for (const one of used) {
    const at = periods.indexOf(new Date(one.from).getTime());
    const series = named.get(one.name) ?? { name: one.name, total: 0, values: periods.map(() => 0) };
    const value = measured(one, measure);
    series.total += value;
    if (at >= 0) series.values[at] = (series.values[at] ?? 0) + value;
    named.set(one.name, series);
  }
  const all = [...named.values()].toSorted((a, b) => b.total - a.total);
  if (all.length <= most) return all;
  const rest = all.slice(most - 1);
  const sum: Series = { name: undefined, total: rest.reduce((total, one) => total + one.total, 0), values: periods.map((_, i) => rest.reduce((total, one) => total + (one.values[i] ?? 0), 0)) };
  return [...all.slice(0, most - 1), sum];
}

/** The least round number that is not below a value: its half is one that can be read too. */
export function roundedUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  // A value a hair above a step, as sums of fractions leave it, is that step.
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value * (1 - 1e-9)) ?? 10 * power;
}
