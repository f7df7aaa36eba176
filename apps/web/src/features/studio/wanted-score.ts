import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { send } from "@/api/client";
import { useSettings } from "@/lib/settings";
import type { Wanted } from "@/score/musicxml";
import { useStudio } from "./state";

/** The score of a piece as MusicXML, fetched once. */
export const musicXmlQuery = (id: string) =>
  queryOptions({
    queryKey: ["musicxml", id],
    queryFn: async ({ signal }) => (await send(`/mashup/${encodeURIComponent(id)}/export/musicxml`, { signal })).text(),
    staleTime: Infinity,
  });

export function useMusicXml(id: string) {
  return useQuery(musicXmlQuery(id));
}

/** How the reader wants the score: these parts (none for all), its words in the reader's language. */
export function useWanted(parts: readonly string[]): Wanted {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { parts: all, sections } = useStudio((state) => state.mashup.score);
  return useMemo(
    () => ({
      parts,
      names: Object.fromEntries(all.map((part) => [part.id, part.name[language]])),
      sections: sections.map((section) => section.label[language]),
      swing: { eighth: t("studio.swing.eighth"), "16th": t("studio.swing.sixteenth") },
    }),
    [parts, all, sections, language, t],
  );
}
