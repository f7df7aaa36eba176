import "@/i18n/choices";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "@tanstack/react-router";
import { genresQuery, modelOfferQuery } from "@/api/queries";
import { WRITERS } from "@/api/types";
import { genreColours } from "@/design/genre-colours";
import { LANGUAGES, useSettings } from "@/lib/settings";
import { formatKey } from "@/lib/music-names";
import { useSession } from "@/session/session";
import type { Advanced, DrawerProps } from "./advanced-drawer";

const KEYS = [
  ...["C", "G", "D", "A", "E", "F", "Bb", "Eb", "Ab"].map((tonic) => `${tonic} major`),
  ...["A", "E", "B", "F#", "D", "G", "C", "F", "Bb"].map((tonic) => `${tonic} minor`),
  "D dorian",
  "G mixolydian",
];
const LENGTHS = [16, 24, 32, 48, 64] as const;
const MOST_GENRES = 4;

/** A copy of the request without the fields that were left open, as the server wants them absent and not empty. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as T;
}

export function AdvancedFields({ value, onChange }: DrawerProps) {
  const { t } = useTranslation();
  const { language: ui, noteNames } = useSettings();
  const change = (part: { [K in keyof Advanced]?: Advanced[K] | undefined }) => onChange(without({ ...value, ...part }) as Advanced);
  return (
    <>
      <Genres chosen={value.genres ?? []} onChange={(genres) => change({ genres: genres.length > 0 ? genres : undefined })} />
      <div className="grid grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))] gap-4">
        <Pick label={t("choices.key")} value={value.key} options={KEYS.map((key) => ({ value: key, label: formatKey(key, ui, noteNames) }))} onChange={(key) => change({ key })} />
        <Count label={`${t("choices.tempo")} (${t("choices.bpm")})`} value={value.tempo_bpm} min={40} max={240} onChange={(tempo_bpm) => change({ tempo_bpm })} />
        <Pick
          label={t("choices.bars")}
          value={value.duration_bars?.toString()}
          options={LENGTHS.map((bars) => ({ value: String(bars), label: String(bars) }))}
          onChange={(bars) => change({ duration_bars: bars === undefined ? undefined : Number(bars) })}
        />
        <Pick
          label={t("choices.lyrics")}
          value={value.language}
          options={LANGUAGES.map((code) => ({ value: code, label: code === "en" ? "English" : "Español" }))}
          onChange={(code) => change({ language: LANGUAGES.find((known) => known === code) })}
        />
        <Count label={t("choices.seed")} hint={t("choices.seedHint")} value={value.seed} min={0} max={Number.MAX_SAFE_INTEGER} onChange={(seed) => change({ seed })} />
        <Writer value={value.model_preference} onChange={(model_preference) => change({ model_preference })} />
      </div>
    </>
  );
}

/** Who writes the words, where there is a choice; where only one's own consent is missing, the way to it. */
function Writer({ value, onChange }: { value: Advanced["model_preference"]; onChange: (value: Advanced["model_preference"]) => void }) {
  const { t } = useTranslation();
  const { data: offer } = useQuery(modelOfferQuery);
  // Visitors have no account to agree with.
  const member = useSession((state) => state.phase === "member");
  const writers = WRITERS.filter((writer) => (writer === "builtin" ? offer?.local || offer?.cloud : offer?.[writer]));
  const consent = member && offer?.why === "consent";
  return (
    <>
      {writers.length > 0 && (
        <Pick
          label={t("choices.words")}
          hint={t("choices.wordsHint")}
          value={value}
          options={writers.map((writer) => ({ value: writer, label: t(`choices.writers.${writer}`) }))}
          onChange={(writer) => onChange(writers.find((known) => known === writer))}
        />
      )}
      {consent && (
        <Link to="/account/consent" className="self-center underline">
          {t("choices.consent")}
        </Link>
      )}
    </>
  );
}

function Genres({ chosen, onChange }: { chosen: readonly string[]; onChange: (genres: string[]) => void }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { data: genres = [] } = useQuery(genresQuery);
  return (
    <fieldset className="grid gap-2">
      <legend className="eyebrow mb-1">
        {t("home.genres")} <span className="font-normal">{t("choices.genresHint")}</span>
      </legend>
      <div className="flex flex-wrap gap-2">
        {genres.map(({ id, name }) => {
          const on = chosen.includes(id);
          const full = !on && chosen.length >= MOST_GENRES;
          return (
            <button
              key={id}
              type="button"
              className="chip aria-pressed:border-ink aria-pressed:font-bold"
              aria-pressed={on}
              disabled={full}
              onClick={() => onChange(on ? chosen.filter((other) => other !== id) : [...chosen, id])}
            >
              <span className="size-3 rounded-full" style={{ background: genreColours([id])[0]?.css }} aria-hidden="true" />
              {name[language]}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

interface PickProps {
  label: string;
  hint?: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}

function Pick({ label, hint, value, options, onChange }: PickProps) {
  const { t } = useTranslation();
  return (
    <label className="grid content-start gap-1">
      <span className="eyebrow">{label}</span>
      <select className="field" value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{t("choices.any")}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && <span className="text-sm text-muted">{hint}</span>}
    </label>
  );
}

interface CountProps {
  label: string;
  hint?: string;
  value: number | undefined;
  min: number;
  max: number;
  onChange: (value: number | undefined) => void;
}

function Count({ label, hint, value, min, max, onChange }: CountProps) {
  const { t } = useTranslation();
  return (
    <label className="grid content-start gap-1">
      <span className="eyebrow">{label}</span>
      <input
        className="field nums"
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        placeholder={t("choices.any")}
        value={value ?? ""}
        onChange={(event) => onChange(Number.isFinite(event.target.valueAsNumber) ? Math.trunc(event.target.valueAsNumber) : undefined)}
      />
      {hint && <span className="text-sm text-muted">{hint}</span>}
    </label>
  );
}
