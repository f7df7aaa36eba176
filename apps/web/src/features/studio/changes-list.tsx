import { useTranslation } from "react-i18next";
import type { Change } from "@/api/types";
import { withChords } from "@/lib/music-names";
import { type Language, type NoteNames, useSettings } from "@/lib/settings";
import { useStudio } from "./state";
import { UndoButton } from "./undo-button";

/** The changes that can be seen: one whose two sides read the same tells nothing. */
export function readable(changes: readonly Change[], language: Language, names: NoteNames): { what: string; before: string; after: string }[] {
  return changes
    .map(({ what, before, after }) => ({ what: what[language], before: withChords(before[language], names), after: withChords(after[language], names) }))
    .filter(({ before, after }) => before !== after);
}

/** What is different from the version before. */
export function ChangesList() {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const changes = readable(
    useStudio((state) => state.mashup.changes),
    language,
    noteNames,
  );
  if (changes.length === 0) return null;
  return (
    <section className="rounded-xl border-2 border-signal bg-signal-soft p-4" aria-labelledby="changes">
      <h2 id="changes" className="mb-2 text-2xl max-lg:scroll-mt-[calc(36dvh+4.5rem)]">
        {t("remix.changes")}
      </h2>
      <dl className="grid gap-3">
        {changes.map((change, i) => (
          <div key={i} className="border-t border-signal/40 pt-2">
            <dt className="font-bold">{change.what}</dt>
            <dd className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 leading-snug">
              <span className="text-muted">{t("remix.from")}</span>
              <del className="text-muted no-underline">{change.before}</del>
              <span>{t("remix.to")}</span>
              <ins className="font-semibold no-underline">{change.after}</ins>
            </dd>
          </div>
        ))}
      </dl>
      <UndoButton className="btn mt-4" />
    </section>
  );
}
