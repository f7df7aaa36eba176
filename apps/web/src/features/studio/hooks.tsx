import { useTranslation } from "react-i18next";
import type { Hook } from "@/api/types";
import { formatPercent } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { type PlayNote, quarters } from "@/player/timeline";
import { Icon } from "@/ui/icons";
import { lenderOf } from "./borrowed";
import { useStudio } from "./state";

/** A hook as notes that the melody's instrument can play. */
export function hookNotes(hook: Hook, part: number): PlayNote[] {
  return hook.notes.map((note, i) => ({
    id: `${hook.id}-${i}`,
    part,
    at: quarters(note.at),
    length: quarters(note.d),
    pitches: Array.isArray(note.p) ? note.p : [note.p],
    velocity: 92,
    origin: undefined,
    written: quarters(note.at),
  }));
}

/** The line of a hook as a drawing: higher is higher, longer is longer. */
function Shape({ notes }: { notes: readonly PlayNote[] }) {
  const pitches = notes.flatMap((note) => note.pitches);
  const [low, high] = [Math.min(...pitches), Math.max(...pitches)];
  const end = Math.max(1, ...notes.map((note) => note.at + note.length));
  return (
    <svg viewBox="0 0 120 40" className="h-10 w-28 shrink-0 max-[24rem]:w-16" aria-hidden="true" preserveAspectRatio="none">
      {notes.map((note) => (
        <rect
          key={note.id}
          x={(note.at / end) * 120}
          y={34 - (((note.pitches[0] ?? low) - low) / Math.max(1, high - low)) * 30}
          width={Math.max(3, (note.length / end) * 120 - 2)}
          height="5"
          rx="2"
          fill="var(--accent)"
        />
      ))}
    </svg>
  );
}

/** The ideas that were tried, each to be heard, with the one that was taken. */
export function Hooks() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  const player = useStudio((state) => state.player);
  const melody = Math.max(
    0,
    mashup.score.parts.findIndex((part) => part.role === "melody"),
  );
  return (
    <section>
      <h2 className="text-2xl">{t("listen.hooks")}</h2>
      <p className="mb-2 text-muted">{t(lenderOf(mashup, "melody") === undefined ? "listen.hooksLead" : "borrowed.phrases", { count: mashup.hooks.length })}</p>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {mashup.hooks.map((hook, i) => {
          const notes = hookNotes(hook, melody);
          // A melody that was brought may have no words.
          const name = hook.text || t("borrowed.phrase", { number: i + 1 });
          return (
            <li key={hook.id} className={`rounded-xl border p-3 ${hook.chosen ? "border-2 border-ink" : "border-line"}`}>
              <div className="flex items-center gap-3">
                <button
                  type="button"
                  className="btn btn-icon"
                  aria-label={`${t("listen.hearHook")}: ${name}`}
                  onClick={() => {
                    player.pause();
                    void player.phrase(notes);
                  }}
                >
                  <Icon name="speaker" />
                </button>
                <span className="display mr-auto min-w-0 text-lg font-bold" lang={hook.text ? mashup.lyrics.language : undefined}>
                  {name}
                </span>
                <Shape notes={notes} />
              </div>
              <p className="mt-1">{hook.why[language]}</p>
              <p className="text-sm text-muted">
                {hook.chosen && <strong className="text-ink">{t("listen.chosen")} · </strong>}
                {t(`listen.contours.${hook.contour}` as "listen.contours.arch", { defaultValue: hook.contour })} · {hook.rhythm[language]} ·{" "}
                {t("listen.singable", { value: formatPercent(hook.singability, language) })}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
