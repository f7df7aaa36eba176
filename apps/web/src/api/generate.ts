import { send } from "./client";
import { Problem, type ProblemBody } from "./problem";
import { readEvents } from "./sse";
import type { GenerateRequest, Mashup, StepEvent } from "./types";

/** Makes a piece, telling of each step as it happens; resolves with the piece when it is stored. */
export async function generate(request: GenerateRequest, signal: AbortSignal, onStep: (event: StepEvent) => void): Promise<Mashup> {
  const response = await send("/mashup/generate", {
    method: "POST",
    body: JSON.stringify(request),
    headers: { Accept: "text/event-stream", "Idempotency-Key": crypto.randomUUID() },
    signal,
  });
  if (!response.body) throw Problem.network();
  for await (const { event, data } of readEvents(response.body)) {
    const value: unknown = JSON.parse(data);
    if (event === "result") return value as Mashup;
    if (event === "problem") {
      const body = value as ProblemBody;
      throw new Problem(body.status ?? 500, body);
    }
    if (event === "waiting") throw new Problem(0, { title: "waiting" });
    if (event === "step") onStep(value as StepEvent);
  }
  throw new Problem(0, { title: "interrupted" });
}
