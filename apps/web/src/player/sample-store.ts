import { type Recipe, recipeId, render } from "./bank";
import { RATE } from "./recipes/dsp";

type Waiting = (() => void)[];

/**
 * The samples of every instrument of the piece, rendered in a worker as soon as the piece is known, so that the first
 * press on Play finds them there. A sound that is still missing when it must sound is rendered on the spot.
 */
export class SampleStore {
  private readonly buffers = new Map<string, AudioBuffer>();
  private readonly asked = new Map<string, Waiting>();
  private worker: Worker | undefined;

  /** Resolves when all recipes are rendered; what was rendered before is not rendered again. */
  async prepare(recipes: readonly Recipe[]): Promise<void> {
    const wanted = recipes.filter((recipe) => !this.buffers.has(recipeId(recipe)));
    const fresh = wanted.filter((recipe) => !this.asked.has(recipeId(recipe)));
    const all = wanted.map(
      (recipe) =>
        new Promise<void>((resolve) => {
          const id = recipeId(recipe);
          this.asked.set(id, [...(this.asked.get(id) ?? []), resolve]);
        }),
    );
    if (fresh.length > 0) this.open().postMessage(fresh);
    await Promise.all(all);
  }

  /** The samples of a recipe, at once. */
  get(recipe: Recipe): AudioBuffer {
    const id = recipeId(recipe);
    return this.buffers.get(id) ?? this.keep(id, render(recipe));
  }

  /** Ends the worker; the samples stay. */
  close(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.asked.clear();
  }

  private open(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL("./bank.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<{ id: string; samples: Float32Array<ArrayBuffer> }>) => {
      this.keep(data.id, data.samples);
      for (const resolve of this.asked.get(data.id) ?? []) resolve();
      this.asked.delete(data.id);
    };
    this.worker = worker;
    return worker;
  }

  private keep(id: string, samples: Float32Array): AudioBuffer {
    const buffer = new AudioBuffer({ length: samples.length, numberOfChannels: 1, sampleRate: RATE });
    buffer.copyToChannel(new Float32Array(samples), 0);
    this.buffers.set(id, buffer);
    return buffer;
  }
}
