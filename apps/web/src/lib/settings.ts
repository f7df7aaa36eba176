import { create } from "zustand";
import { persist } from "zustand/middleware";

export const THEMES = ["system", "light", "dark"] as const;
export const LANGUAGES = ["en", "es"] as const;
export const NOTE_NAMES = ["letters", "solfege"] as const;

export type Theme = (typeof THEMES)[number];
export type Language = (typeof LANGUAGES)[number];
export type NoteNames = (typeof NOTE_NAMES)[number];

interface Settings {
  theme: Theme;
  language: Language;
  noteNames: NoteNames;
  set: (change: Partial<Pick<Settings, "theme" | "language" | "noteNames">>) => void;
}

/** The browser's own language where the interface speaks it, otherwise English. */
export function preferredLanguage(offered: readonly string[]): Language {
  for (const tag of offered) {
    const base = tag.toLowerCase().split("-")[0];
    const known = LANGUAGES.find((language) => language === base);
    if (known) return known;
  }
  return "en";
}

/** What this browser remembers about how its user likes to read: kept on the device, never sent. */
export const useSettings = create<Settings>()(
  persist(
    (set) => ({
      theme: "system",
      language: preferredLanguage(navigator.languages),
      noteNames: "letters",
      set: (change) => set(change),
    }),
    { name: "eduai.settings", partialize: ({ theme, language, noteNames }) => ({ theme, language, noteNames }) },
  ),
);

/** Carries theme and language over to the document, where style sheets and screen readers look for them. */
export function applyToDocument({ theme, language }: Pick<Settings, "theme" | "language">): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  root.lang = language;
}
