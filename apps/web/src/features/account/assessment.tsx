import { useTranslation } from "react-i18next";
import type { Assessed } from "@/api/account-types";
import { formatDay } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { formatList } from "@/lib/words";

/** What an erasure takes away, and what the law keeps: until when, and why. */
export function Assessment({ assessment }: { assessment: readonly Assessed[] }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const erased = assessment.filter((entry) => entry.erased).map((entry) => t(`data.categories.${entry.category}`));
  const kept = assessment.filter((entry) => !entry.erased);
  return (
    <div className="grid gap-1 rounded-lg bg-sunken px-4 py-3 text-[0.95rem]">
      <p>
        <strong>{t("data.goes")} </strong>
        {formatList(erased, language)}
      </p>
      {kept.length > 0 && <strong>{t("data.stays")}</strong>}
      <ul className="list-disc pl-5">
        {kept.map((entry) => (
          <li key={entry.category}>
            <strong>{t(`data.categories.${entry.category}`)}</strong>
            {entry.kept_until ? `, ${t("data.until", { day: formatDay(entry.kept_until, language) })}` : ""}
            {entry.why ? `. ${entry.why[language]}` : ""} {entry.law && <span className="text-muted">({entry.law})</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
