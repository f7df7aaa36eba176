import { uuid } from "@/lib/uuid";
import { send } from "./client";
import { Problem, type ProblemBody } from "./problem";
import { readEvents } from "./sse";
import type { GenerateRequest, Mashup, StepEvent } from "./types";

/** Makes a piece, telling of each step as it happens; resolves with the piece when it is stored. */
export function generate(request: GenerateRequest, signal: AbortSignal, onStep: (event: StepEvent) => void): Promise<Mashup> {
  return readMashup("/mashup/generate", request, signal, onStep);
}

/** Posts a request that is answered by a stream of steps and then a piece. */
export async function readMashup(path: string, body: unknown, signal: AbortSignal | undefined, onStep: (event: StepEvent) => void): Promise<Mashup> {
  const response = await send(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { Accept: "text/event-stream", "Idempotency-Key": uuid() },
    ...(signal ? { signal } : {}),
  });
  if (!response.body) throw Problem.network();
  for await (const { event, data } of readEvents(response.body)) {
    const value: unknown = JSON.parse(data);
    if (event === "result") return value as Mashup;
    if (event === "problem") {
      const problem = value as ProblemBody;
      throw new Problem(problem.status ?? 500, problem);
    }
    if (event === "waiting") throw new Problem(0, { title: "waiting" });
    if (event === "step") onStep(value as StepEvent);
  }
  throw new Problem(0, { title: "interrupted" });
}
