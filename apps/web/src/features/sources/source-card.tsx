import { useId } from "react";
import { useTranslation } from "react-i18next";
import { LAYERS } from "@/api/types";
import { formatClock, formatDay, formatPercent } from "@/lib/format";
import { formatKey } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { Badge } from "./badge";
import { ChordRow } from "./chord-row";
import type { OnDesk } from "./desk";
import { surenessOf } from "./facts";
import { FormStrip } from "./form-strip";
import { offers } from "./take";

interface SourceCardProps {
  piece: OnDesk;
  place: number;
  sounding: boolean;
  /** The index of the bar that sounds; less than 0 when none does. */
  bar: number;
  /** Whether another tune of its file is being read. */
  busy: boolean;
  onPlay: () => void;
  onRemove: () => void;
  onTune: (tune: number) => void;
}

/** What a piece is, from its notes: enough to decide what to take of it. */
export function SourceCard({ piece, place, sounding, bar, busy, onPlay, onRemove, onTune }: SourceCardProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const heading = useId();
  const { facts, licence, credit, expires_at } = piece.source;
  const by = [facts.creator, t(`borrowed.licences.${licence}`), credit].filter(Boolean).join(" · ");
  return (
    <article aria-labelledby={heading} className="card grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3.5 p-4 shadow-sleeve sm:p-5">
      <header className="flex items-start gap-3">
        <Badge place={place} className="mt-0.5 size-8 text-lg" />
        <div className="mr-auto min-w-0">
          <h3 id={heading} className="text-xl wrap-anywhere">
            {facts.title}
          </h3>
          <p className="text-sm leading-snug text-muted">{by}</p>
        </div>
        <button type="button" className="btn btn-icon rounded-full" aria-label={t(sounding ? "sources.card.pause" : "sources.card.play", { title: facts.title })} aria-pressed={sounding} onClick={onPlay}>
          <Icon name={sounding ? "stop" : "play"} />
        </button>
        <button type="button" className="btn btn-quiet btn-icon btn-danger -mr-2" aria-label={t("sources.card.remove", { title: facts.title })} onClick={onRemove}>
          <Icon name="trash" />
        </button>
      </header>
      {facts.tunes > 1 && <TuneChoice piece={piece} busy={busy} onTune={onTune} />}
      <Figures piece={piece} />
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2.5">
        <FormStrip facts={facts} bar={bar} />
        <ChordRow facts={facts} bar={bar} />
      </div>
      <Layers piece={piece} />
      {facts.remarks.length > 0 && (
        <details className="group">
          <summary className="flex min-h-11 items-center gap-2 font-semibold text-muted">
            <Icon name="down" className="size-4 transition-transform group-open:rotate-180" />
            {t("sources.card.remarks", { count: facts.remarks.length })}
          </summary>
          <ul lang="en" className="list-disc pl-5 text-sm">
            {facts.remarks.map((remark, i) => (
              <li key={i}>{remark}</li>
            ))}
          </ul>
        </details>
      )}
      {expires_at && <p className="-mt-2 text-sm text-muted">{t("sources.card.expires", { date: formatDay(expires_at, language) })}</p>}
    </article>
  );
}

function TuneChoice({ piece, busy, onTune }: Pick<SourceCardProps, "piece" | "busy" | "onTune">) {
  const { t } = useTranslation();
  const { facts, tune } = piece.source;
  const name = (number: number) => {
    const title = number === tune ? facts.title : piece.titles?.[number - 1];
    return title ? `${number}. ${title}` : t("sources.card.tuneNumber", { number });
  };
  // Without the file only the tune that was read can be told.
  const numbers = piece.file ? Array.from({ length: facts.tunes }, (_, i) => i + 1) : [tune];
  return (
    <label className="grid gap-0.5">
      <span className="eyebrow">{t("sources.card.tune")}</span>
      <select className="field font-semibold" value={tune} disabled={busy || !piece.file} onChange={(event) => onTune(Number(event.target.value))}>
        {numbers.map((number) => (
          <option key={number} value={number}>
            {name(number)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Key, meter, tempo and length. */
function Figures({ piece }: Pick<SourceCardProps, "piece">) {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const { facts } = piece.source;
  const rows = [
    { name: t("sources.card.key"), value: formatKey(facts.key, language, noteNames), note: `${t(`sources.card.sureness.${surenessOf(facts.key_confidence)}`)} · ${formatPercent(facts.key_confidence, language)}` },
    { name: t("sources.card.meter"), value: t("studio.meter", facts.meter) },
    { name: t("sources.card.tempo"), value: t("studio.bpm", { count: Math.round(facts.tempo_bpm) }) },
    { name: t("sources.card.length"), value: t("studio.barsCount", { count: facts.bars }), note: formatClock(facts.duration_seconds) },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-[1.5fr_1fr_1fr_1fr]">
      {rows.map(({ name, value, note }) => (
        <div key={name}>
          <dt className="eyebrow">{name}</dt>
          <dd className="leading-tight">
            <span className="text-lg font-bold">{value}</span>
            {note && <span className="block text-sm text-muted">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Which layers it has, and which it has not. */
function Layers({ piece }: Pick<SourceCardProps, "piece">) {
  const { t } = useTranslation();
  const { facts } = piece.source;
  const missing = LAYERS.filter((layer) => !offers(piece.source, layer)).map((layer) => t(`sources.layers.${layer}`));
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="sr-only">{t("sources.card.has")}</span>
      <ul className="contents">
        {facts.layers.map(({ layer, part, notes }) => (
          <li key={layer} className="inline-flex items-center gap-1.5">
            <Icon name="check" className="size-4 text-good" />
            <span>
              <strong>{t(`sources.layers.${layer}`)}</strong>{" "}
              <span className="text-sm text-muted">
                {part && `${part}, `}
                {t(layer === "chords" ? "sources.card.changes" : "sources.card.notes", { count: notes })}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <span className="text-sm text-muted">
          {t("sources.card.hasNot", { layers: missing.join(", ") })}
        </span>
      )}
    </div>
  );
}
