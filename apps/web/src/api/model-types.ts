/** The shapes of the API for language models, by the names that the pages use. They come from the API's own description. */
import type { components } from "./schema";

type Schemas = components["schemas"];
/** A shape with some fields narrowed to what a page makes of them. */
type Narrowed<T, Fields> = Omit<T, keyof Fields> & Fields;

export type ModelProvider = Schemas["ModelProvider"];
export type NewModelProvider = Schemas["NewModelProvider"];
/** Who set something: the operator's file, the school on these pages, or the program that found an Ollama. */
export type Origin = ModelProvider["origin"];
export type Dialect = ModelProvider["dialect"];

export type NamedModel = Schemas["OfferedModel"];
export type NamedTarget = Schemas["OfferedTarget"];
/** Whether questions may go somewhere, and why not. */
export type Reachable = NamedTarget["reachable"];
export type ModelPrivacy = Narrowed<Schemas["ModelPrivacy"], { level: "strict" | "standard" | "relaxed" }>;

export type ModelTrial = Schemas["ModelTrial"];

/** How far a model has been fetched, in bytes where it is known; the stream is not part of the API's description of JSON. */
export interface PullProgress {
  status: string;
  completed?: number | null;
  total?: number | null;
}

export type RouteTarget = Required<Schemas["ModelTarget"]>;
export type ModelRoute = Narrowed<Schemas["ModelRoute"], { targets: RouteTarget[] }>;
export type NewModelRoute = Pick<ModelRoute, "model" | "tasks" | "targets" | "attempts" | "cache_seconds"> & { hedge_ms: number | null; similar: number | null };

export const SCOPES = ["chat", "embeddings", "models"] as const;
export type Scope = (typeof SCOPES)[number];
export type ModelKey = Schemas["ModelKey"];
export type NewModelKey = Pick<ModelKey, "name" | "scopes" | "models"> & { requests_per_minute: number | null; expires_at: string | null };

/** A question and its answer, without what they say; and opened. */
export type Transcript = Schemas["ModelTranscript"];
export type OpenedTranscript = Schemas["OpenedModelTranscript"];
export type Turn = Schemas["ModelTurn"];

export const PERIODS = ["day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];
export const SUBJECTS = ["institution", "role", "user", "key"] as const;
export type Budget = Schemas["ModelBudget"];
export type NewBudget = Schemas["NewModelBudget"];

export const SUMMED_BY = ["provider", "model", "feature", "user", "key", "status"] as const;
export type SummedBy = (typeof SUMMED_BY)[number];
/** What was used in one period by one of those that were asked for. */
export type Used = Schemas["UsageView"];
