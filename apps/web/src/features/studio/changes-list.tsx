import { useTranslation } from "react-i18next";
import type { Change } from "@/api/types";
import { type Language, useSettings } from "@/lib/settings";
import { useStudio } from "./state";

/** The changes that can be seen: one whose two sides read the same tells nothing. */
export function readable(changes: readonly Change[], language: Language): { what: string; before: string; after: string }[] {
  return changes
    .map(({ what, before, after }) => ({ what: what[language], before: before[language], after: after[language] }))
    .filter(({ before, after }) => before !== after);
}

/** What is different from the version before. */
export function ChangesList() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const changes = readable(
    useStudio((state) => state.mashup.changes),
    language,
  );
  if (changes.length === 0) return null;
  return (
    <section className="rounded-xl border-2 border-signal bg-signal-soft p-4" aria-labelledby="changes">
      <h2 id="changes" className="mb-2 text-2xl">
        {t("remix.changes")}
      </h2>
      <dl className="grid gap-2">
        {changes.map((change, i) => (
          <div key={i}>
            <dt className="font-bold">{change.what}</dt>
            <dd>
              <del className="text-muted">{t("remix.from", { before: change.before })}</del>
              <span aria-hidden="true"> → </span>
              <ins className="font-semibold no-underline">{t("remix.to", { after: change.after })}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
