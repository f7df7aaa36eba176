import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { barAt } from "@/player/timeline";
import { Icon } from "@/ui/icons";
import { isBorrowed, layerOf, lenderOf } from "./borrowed";
import { GenreName, LenderName } from "./provenance";
import { useStudio } from "./state";

/** Why the pressed note is there: its part, its bar, the genre and the rule it came from, and how to hear it again. */
export function NoteCard() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const selected = useStudio((state) => state.selected);
  const timeline = useStudio((state) => state.timeline);
  const mashup = useStudio((state) => state.mashup);
  const set = useStudio((state) => state.set);
  const hearNote = useStudio((state) => state.hearNote);
  const note = timeline.notes.find((known) => known.id === selected);
  if (!note) return null;
  const part = mashup.score.parts[note.part];
  const origin = note.origin === undefined ? undefined : mashup.origins[note.origin];
  const genre = origin?.genre ?? part?.genre;
  const lender = isBorrowed(origin) ? lenderOf(mashup, layerOf(origin?.dimension ?? "")) : undefined;
  return (
    <div role="status" className="absolute inset-x-2 bottom-2 z-10 rounded-xl border-2 border-ink bg-surface p-4 shadow-sleeve sm:left-auto sm:w-96">
      <div className="flex items-start gap-2">
        <div className="mr-auto grid gap-1">
          <p className="text-lg font-bold">{t("studio.why")}</p>
          <p className="text-muted">
            {t("studio.whyLabel", { part: part?.name[language] ?? "", bar: barAt(timeline.bars, note.written)?.number ?? 0 })}
          </p>
        </div>
        <button type="button" className="btn btn-icon" aria-label={t("studio.hear")} onClick={() => hearNote(note.id)}>
          <Icon name="speaker" />
        </button>
        <button type="button" className="btn btn-quiet btn-icon" aria-label={t("studio.closeNote")} onClick={() => set({ selected: undefined })}>
          <Icon name="close" />
        </button>
      </div>
      <p className="mt-2">{origin ? origin.text[language] : t("studio.noReason")}</p>
      {genre && (
        <p className="mt-2">
          {lender === undefined ? <GenreName id={genre} strong /> : <LenderName title={t("sources.take.title", { title: lender })} strong />}
          {origin && (
            <span className="text-muted">
              {" "}
              · {t(`listen.dimensions.${origin.dimension}` as "listen.dimensions.form", { defaultValue: origin.dimension })}
            </span>
          )}
        </p>
      )}
    </div>
  );
}
