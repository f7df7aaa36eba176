import type { ModelProvider, NamedModel, RouteTarget } from "@/api/model-types";

/** Who is asked at one step of a way: one, or several who share the questions by their parts. */
export interface Answerer {
  provider: string;
  model: string;
  /** A whole number from 1 to 1000: of every hundred questions it gets its part of the sum. */
  parts: number;
}

/** The steps of a way: the first is asked first, each of the others when all before it could not answer. */
export type Way = readonly (readonly Answerer[])[];

/** The first model that somebody offers; of the first provider none, where nobody offers any. */
export function firstOf(known: readonly Pick<ModelProvider, "name" | "models">[]): { provider: string; model: string } {
  const first = known.find(({ models }) => models.length > 0) ?? known[0];
  return { provider: first?.name ?? "", model: first?.models[0] ?? "" };
}

/** The steps of what the API lists: targets of the same order share a step. */
export function wayOf(targets: readonly RouteTarget[]): Way {
  const orders = [...new Set(targets.map(({ order }) => order))].toSorted((a, b) => a - b);
  return orders.map((order) => targets.filter((target) => target.order === order).map(({ provider, model, weight }) => ({ provider, model, parts: weight })));
}

export const targetsOf = (way: Way): RouteTarget[] => way.flatMap((step, i) => step.map(({ provider, model, parts }) => ({ provider, model, order: i + 1, weight: parts })));

/** Names without those that say the provider before the model (`lab/tiny`) where the model's own name leads there as well. */
export function withoutLongNames<T extends Pick<NamedModel, "name"> & { targets: readonly Pick<RouteTarget, "provider" | "model">[] }>(items: readonly T[]): T[] {
  const leads = ({ targets }: T, provider: string, model: string) => targets.length === 1 && targets[0]?.provider === provider && targets[0].model === model;
  return items.filter((item) => {
    const [target] = item.targets;
    const long = target !== undefined && item.name === `${target.provider}/${target.model}` && leads(item, target.provider, target.model);
    return !long || !items.some((other) => other.name === target.model && leads(other, target.provider, target.model));
  });
}

/** The share of one of a step in its questions, 0 to 1. */
export function shareOf(one: Answerer, step: readonly Answerer[]): number {
  const all = step.reduce((sum, { parts }) => sum + parts, 0);
  return all > 0 ? one.parts / all : 0;
}

const replaced = <T,>(list: readonly T[], at: number, value: T): T[] => list.map((old, i) => (i === at ? value : old));

export const changed = (way: Way, step: number, place: number, change: Partial<Answerer>): Way =>
  way.map((answerers, i) => (i === step ? answerers.map((one, j) => (j === place ? { ...one, ...change } : one)) : answerers));
export const beside = (way: Way, step: number, one: Answerer): Way => replaced(way, step, [...(way[step] ?? []), one]);
export const below = (way: Way, one: Answerer): Way => [...way, [one]];

/** Without one; a step that is left with nobody goes too. */
export const without = (way: Way, step: number, place: number): Way =>
  replaced(
    way,
    step,
    (way[step] ?? []).filter((_, j) => j !== place),
  ).filter((answerers) => answerers.length > 0);

/** A step and its neighbour change places; `by` is -1 or 1. At an end nothing moves. */
export function moved(way: Way, step: number, by: -1 | 1): Way {
  const [here, there] = [way[step], way[step + by]];
  return here && there ? way.map((old, i) => (i === step ? there : i === step + by ? here : old)) : way;
}
