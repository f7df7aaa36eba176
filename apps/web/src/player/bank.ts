import { voiceOf } from "./families";
import { type Kit, drum, drumOf } from "./recipes/drums";
import { type StringName, plucked } from "./recipes/plucked";
import { type Mallet, electricPiano, mallet, piano } from "./recipes/struck";
import type { Timeline, TimelinePart } from "./timeline";

/** A sound that is computed once: what it is, and at which pitch. */
export type Recipe =
  | { kind: "piano" | "electric-piano"; key: number }
  | { kind: "mallet"; mallet: Mallet; key: number }
  | { kind: "string"; string: StringName; key: number }
  | { kind: "drum"; kit: Kit; key: number };

export function frequencyOf(key: number): number {
  return 440 * 2 ** ((key - 69) / 12);
}

/** The name under which a recipe's samples are kept. */
export function recipeId(recipe: Recipe): string {
  const detail = recipe.kind === "mallet" ? recipe.mallet : recipe.kind === "string" ? recipe.string : recipe.kind === "drum" ? recipe.kit : "";
  return `${recipe.kind}:${detail}:${recipe.key}`;
}

/** The samples of a recipe, mono, 44.1 kHz. The slow part: some milliseconds each, which is why a worker does it. */
export function render(recipe: Recipe): Float32Array {
  switch (recipe.kind) {
    case "piano":
      return piano(frequencyOf(recipe.key));
    case "electric-piano":
      return electricPiano(frequencyOf(recipe.key));
    case "mallet":
      return mallet(recipe.mallet, frequencyOf(recipe.key));
    case "string":
      return plucked(recipe.string, frequencyOf(recipe.key));
    case "drum": {
      const { drum: name, frequency } = drumOf(recipe.key);
      return drum(name, recipe.kit, frequency);
    }
  }
}

/** How many semitones share one set of samples: few enough that the resampling is not heard. */
const ZONE = 3;

/** The recipe for one pitch of a part, and the speed at which to play it; undefined where the sound is made live. */
export function recipeFor(part: Pick<TimelinePart, "program" | "kit">, pitch: number): { recipe: Recipe; speed: number } | undefined {
  if (part.program === "drums") return { recipe: { kind: "drum", kit: part.kit, key: pitch }, speed: 1 };
  const voice = voiceOf(part.program);
  if (voice.kind === "sustained") return undefined;
  const key = Math.round(pitch / ZONE) * ZONE;
  return { recipe: { ...voice, key }, speed: 2 ** ((pitch - key) / 12) };
}

/** Every recipe that a piece needs, those that sound first first. */
export function recipesOf(timeline: Timeline): Recipe[] {
  const found = new Map<string, Recipe>();
  for (const note of timeline.notes) {
    const part = timeline.parts[note.part];
    if (!part) continue;
    for (const pitch of note.pitches) {
      const needed = recipeFor(part, pitch);
      if (needed) found.set(recipeId(needed.recipe), needed.recipe);
    }
  }
  return [...found.values()];
}
