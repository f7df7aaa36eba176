import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import { sourcesKey } from "@/api/queries";
import { deleteSource, restoreSource } from "@/api/sources";
import type { Licence, Source } from "@/api/types";
import { formatKey } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { useToasts } from "@/ui/toasts";
import { type OnDesk, useDesk } from "./desk";
import { MOST_ON_DESK } from "./files";

/** What may be done with pieces of one's own, each told of where it does not show by itself. */
export function usePieces() {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const explain = useProblemText();
  const desk = useDesk.getState;

  const changed = useCallback(() => queries.invalidateQueries({ queryKey: sourcesKey }), [queries]);

  const tell = (arrived: readonly Source[]) => {
    void changed();
    const [first] = arrived;
    if (!first) return;
    const { title, key, bars } = first.facts;
    toast({ text: t("sources.arrived", { count: arrived.length, title, key: formatKey(key, language, noteNames), bars }), life: 5000 });
    for (const source of arrived) if (!desk().pieces.some((piece) => piece.source.id === source.id)) toast({ text: t("sources.full", { title: source.facts.title }) });
  };

  const restore = async (source: Source, place: number | undefined) => {
    try {
      const back = await restoreSource(source.id);
      if (place !== undefined) desk().put(back, place);
      toast({ text: t("sources.card.restored", { title: source.facts.title }), life: 4000 });
    } catch (error) {
      toast({ text: explain(error) });
    }
    await changed();
  };

  return {
    bring: async (licence: Licence, credit: string) => tell(await desk().bring(licence, credit)),
    retry: async (key: number) => tell(await desk().retry(key)),
    use: (source: Source) => {
      if (desk().pieces.length < MOST_ON_DESK) desk().put(source);
      else toast({ text: t("sources.full", { title: source.facts.title }) });
    },
    /** Deletes a piece; for ten seconds one press brings it back to its place. */
    remove: async (source: Source) => {
      const at = desk().pieces.findIndex((piece) => piece.source.id === source.id);
      try {
        await deleteSource(source.id);
      } catch (error) {
        toast({ text: explain(error) });
        return;
      }
      desk().putAside(source.id);
      toast({
        text: t("sources.card.removed", { title: source.facts.title }),
        action: { label: t("sources.card.undo"), run: () => void restore(source, at < 0 ? undefined : at) },
      });
      await changed();
    },
    changeTune: async (piece: OnDesk, tune: number) => {
      const before = await desk().changeTune(piece.source.id, tune);
      // A tune that was only leafed past is not kept.
      if (before?.fresh) await deleteSource(before.source.id).catch(() => undefined);
      await changed();
    },
  };
}
