import { type Recipe, recipeId, render } from "./bank";

/** Renders recipes one by one and hands each over as soon as it is there. */
self.onmessage = ({ data }: MessageEvent<Recipe[]>) => {
  for (const recipe of data) {
    const samples = render(recipe);
    self.postMessage({ id: recipeId(recipe), samples }, { transfer: [samples.buffer] });
  }
};
