/** Requests about language models, of those who run a school. */
import { queryOptions } from "@tanstack/react-query";
import { json, send } from "./client";
import type { Budget, ModelKey, ModelPrivacy, ModelProvider, ModelRoute, ModelTrial, NamedModel, NewBudget, NewModelKey, NewModelProvider, NewModelRoute, Period, OpenedTranscript, PullProgress, SummedBy, Transcript, Used } from "./model-types";
import { Problem, type ProblemBody } from "./problem";
import { pages } from "./school";
import { readEvents } from "./sse";

/** Under which everything here is kept: a change of a provider changes who can be asked, so all is fetched anew. */
export const modelsKey = ["models"] as const;

const ROOT = "/models";
const body = (method: string, value: unknown, version?: number): RequestInit => ({
  method,
  body: JSON.stringify(value),
  ...(version === undefined ? {} : { headers: { "If-Match": `"v${version}"` } }),
});

/** A list of things that can be read, made, changed and taken away. */
function room<T extends { id: string; version: number }, New, Made = T>(name: string) {
  const path = `${ROOT}/${name}`;
  const at = (id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    query: queryOptions({ queryKey: [...modelsKey, name], staleTime: 0, queryFn: async ({ signal }) => (await json<{ items: T[] }>(path, { signal })).items }),
    add: (value: New) => json<Made>(path, body("POST", value)),
    change: (one: T, change: Partial<New>) => json<T>(at(one.id), body("PATCH", change, one.version)),
    remove: (one: T) => send(at(one.id), { method: "DELETE" }),
  };
}

export const providers = room<ModelProvider, NewModelProvider>("providers");
export const routes = room<ModelRoute, NewModelRoute>("routes");
export const keys = room<ModelKey, NewModelKey, ModelKey & { secret: string }>("keys");
export const budgets = room<Budget, NewBudget>("budgets");

export const namedQuery = queryOptions({ queryKey: [...modelsKey, "named"], queryFn: async ({ signal }) => (await json<{ items: NamedModel[] }>(ROOT, { signal })).items });
export const privacyQuery = queryOptions({ queryKey: [...modelsKey, "privacy"], staleTime: 0, queryFn: ({ signal }) => json<ModelPrivacy>(`${ROOT}/privacy`, { signal }) });

/** Asks a provider a real, short question. */
export const tryModel = (id: string, model: string | undefined, signal: AbortSignal) =>
  json<ModelTrial>(`${ROOT}/providers/${encodeURIComponent(id)}/test`, { ...body("POST", model === undefined ? {} : { model }), signal });

/** Has an Ollama fetch a model, and tells how far it is; resolves when the model is there. */
export async function pullModel(id: string, model: string, signal: AbortSignal, onProgress: (progress: PullProgress) => void): Promise<void> {
  const response = await send(`${ROOT}/providers/${encodeURIComponent(id)}/pull`, { ...body("POST", { model }), headers: { Accept: "text/event-stream" }, signal });
  if (!response.body) throw Problem.network();
  for await (const { event, data } of readEvents(response.body)) {
    const value: unknown = JSON.parse(data);
    if (event === "problem") {
      const problem = value as ProblemBody;
      throw new Problem(problem.status ?? 502, problem);
    }
    onProgress(value as PullProgress);
    if ((value as PullProgress).status === "success") return;
  }
  throw new Problem(0, { title: "interrupted" });
}

/** What was asked of models, the newest first, where it is kept: of one person, from one moment to another, or all. */
export const transcriptsQuery = (narrowed: { person_id: string; since: string; until: string }) => pages<Transcript>(`${ROOT}/transcripts`, narrowed);
/** What was said. Each request of it is written down, so it is made once, for who opens it, and not kept. */
export const transcriptQuery = (id: string) =>
  queryOptions({ queryKey: ["transcript", id], queryFn: ({ signal }) => json<OpenedTranscript>(`${ROOT}/transcripts/${encodeURIComponent(id)}`, { signal }), staleTime: Infinity, gcTime: 0, retry: false });

/** Of the school, or, where `own`, of whoever asks. */
export const usageQuery = (period: Period, by: SummedBy, since: string, own = false) =>
  queryOptions({
    queryKey: ["usage", own, period, by, since],
    queryFn: async ({ signal }) => (await json<{ items: Used[] }>(`${own ? "/me/usage" : "/usage"}?${new URLSearchParams({ period, by, since }).toString()}`, { signal })).items,
    staleTime: 0,
    placeholderData: (before) => before,
  });
