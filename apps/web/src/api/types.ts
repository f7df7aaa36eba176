/** The shapes of the API by the names that this page uses. They come from the API's own description: see `npm run api`. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
export const CONTEXTS = ["classroom", "workshop", "individual_study", "peer_learning"] as const;

export type Text = Schemas["Text"];
export type SkillLevel = Schemas["SkillLevel"];
export type Mashup = Schemas["Mashup"];
export type MashupSummary = Schemas["Summary"];
export type GenreSummary = Schemas["GenreInfo"];
export type Change = Schemas["Change"];
export type Section = Schemas["SectionOutline"];
export type Hook = Schemas["HookOption"];
export type LyricLine = Schemas["LyricLine"];
export type Evidence = Schemas["Evidence"];
export type Claim = Schemas["Claim"];
export type Culture = Schemas["CulturalContext"];
export type LessonStep = Schemas["LessonStep"];
export type TeachingGuide = Schemas["TeachingGuide"];
export type Item = Schemas["Item"];
export type Task = Schemas["Task"];
export type RemixChange = Schemas["Remix"];

export const LAYERS = ["melody", "chords", "bass", "drums"] as const;
export const LICENCES = ["own_work", "public_domain", "open_licence", "permission"] as const;

export type Layer = Schemas["Layer"];
export type Licence = Schemas["Licence"];
export type Facts = Schemas["Facts"];
export type Source = Schemas["OwnSource"];
export type SourcePlayback = Schemas["SourcePlayback"];
export type Credit = Schemas["Credit"];
export type Fitting = Schemas["Fitting"];

export type ModelOffer = Schemas["ModelOffer"];

/** What the first page may ask for: the part of the API's request that it has fields for, open ones left out. */
export type GenerateRequest = Pick<Schemas["Request"], "user_prompt" | "skill_level" | "educational_context"> & {
  [Field in "genres" | "key" | "tempo_bpm" | "duration_bars" | "language" | "model_preference" | "seed"]?: NonNullable<Schemas["Request"][Field]>;
} & Partial<Loan>;

/** Who may write words, where somebody wants to say: otherwise it is the best that the school lets. */
export const WRITERS = ["builtin", "local", "cloud"] as const;

/** Pieces of one's own in a request, and which layer comes from which. */
export interface Loan {
  source_ids: string[];
  take: Partial<Record<Layer, string>>;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** One event of the stream that tells of a generation; the stream is not part of the API's description of JSON. */
export interface StepEvent {
  agent: string;
  state: "started" | "progress" | "finished" | "retry";
  milliseconds?: number | null;
}
