export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
export const CONTEXTS = ["classroom", "workshop", "individual_study", "peer_learning"] as const;

export interface GenerateRequest {
  user_prompt: string;
  skill_level: (typeof LEVELS)[number];
  educational_context: (typeof CONTEXTS)[number];
  genres?: string[];
  key?: string;
  tempo_bpm?: number;
  duration_bars?: number;
  language?: "en" | "es";
  seed?: number;
}

export interface GenreSummary {
  id: string;
  name: string;
}

export interface MashupSummary {
  session_id: string;
  title: string;
  genre_blend: string[];
  created_at: string;
}

export interface Mashup extends MashupSummary {
  shared: boolean;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface StepEvent {
  agent: string;
  status: string;
  milliseconds?: number;
}
