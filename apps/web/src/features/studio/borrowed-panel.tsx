import { useTranslation } from "react-i18next";
import type { Credit, Layer, Text } from "@/api/types";
import { formatBars } from "@/lib/bars";
import { withChords, withKeys } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { capital, formatList } from "@/lib/words";
import { Icon } from "@/ui/icons";
import { changesOf } from "./borrowed";
import { useStudio } from "./state";

export function useLayerNames() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (layers: readonly Layer[]) =>
    capital(
      formatList(
        layers.map((layer) => t(`sources.layers.${layer}`)),
        language,
      ),
    );
}

/** Whom to name for a piece: "Melody and chords: “Ode to Joy” — public domain". */
export function useCreditLine() {
  const { t } = useTranslation();
  const names = useLayerNames();
  return (credit: Credit) =>
    [t("borrowed.credit", { layers: names(credit.layers), title: credit.title }), [t(`borrowed.licences.${credit.licence}`), credit.credit].filter(Boolean).join(", ")].join(" — ");
}

/** What was taken from pieces that were brought, with what was changed so that it fits, and why. */
export function BorrowedPanel() {
  const { t } = useTranslation();
  const line = useCreditLine();
  const credits = useStudio((state) => state.mashup.credits);
  const fittings = useStudio((state) => state.mashup.fittings);
  if (credits.length === 0) return null;
  const changes = changesOf(fittings);
  return (
    <section aria-labelledby="borrowed">
      <h2 id="borrowed" className="mb-2 text-2xl scroll-mt-16 max-lg:scroll-mt-[calc(36dvh+4.5rem)]">
        {t("borrowed.heading")}
      </h2>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-1 wrap-anywhere">
        {credits.map((credit) => (
          <li key={credit.source_id} className="font-bold">
            {line(credit)}
          </li>
        ))}
      </ul>
      <p className="mt-3 mb-1 text-muted">{changes.length > 0 ? t("borrowed.lead") : t("borrowed.nothing")}</p>
      <ul>
        {changes.map((change, i) => (
          <ChangeRow key={i} change={change} several={credits.length > 1} />
        ))}
      </ul>
    </section>
  );
}

function ChangeRow({ change, several }: { change: ReturnType<typeof changesOf>[number]; several: boolean }) {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const names = useLayerNames();
  const lit = useStudio((state) => state.lit);
  const show = useStudio((state) => state.show);
  const { bars } = change;
  const printed = (text: Text) => withChords(withKeys(text[language], language, noteNames), noteNames);
  const on = bars.length > 0 && lit?.bars === bars;
  return (
    <li className="border-t border-line py-2 leading-snug wrap-anywhere">
      <p className="text-sm text-muted">{several ? t("borrowed.of", { layers: names(change.layers), title: change.source }) : names(change.layers)}</p>
      <p className="font-bold">{printed(change.what)}</p>
      <p>{printed(change.why)}</p>
      {bars.length > 0 && (
        <button type="button" className="chip mt-1.5 aria-pressed:border-signal aria-pressed:bg-signal-soft" aria-pressed={on} onClick={() => show({ bars, notes: [], from: "0", to: "0" })}>
          <Icon name="play" className="size-4" />
          {t("theory.play", { bars: t("theory.bars", { count: bars.length, list: formatBars(bars) }) })}
        </button>
      )}
    </li>
  );
}
