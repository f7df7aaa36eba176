import { useQuery } from "@tanstack/react-query";
import { Collapsible } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { genresQuery } from "@/api/queries";
import type { GenerateRequest } from "@/api/types";
import { genreColours } from "@/design/genre-colours";
import { LANGUAGES, useSettings } from "@/lib/settings";
import { formatKey } from "@/lib/music-names";
import { Icon } from "@/ui/icons";

export type Advanced = Pick<GenerateRequest, "genres" | "key" | "tempo_bpm" | "duration_bars" | "language" | "seed">;

export const noAdvanced: Advanced = {};

const KEYS = [
  ...["C", "G", "D", "A", "E", "F", "Bb", "Eb", "Ab"].map((tonic) => `${tonic} major`),
  ...["A", "E", "B", "F#", "D", "G", "C", "F", "Bb"].map((tonic) => `${tonic} minor`),
  "D dorian",
  "G mixolydian",
];
const LENGTHS = [16, 24, 32, 48, 64] as const;
const MOST_GENRES = 4;

interface DrawerProps {
  value: Advanced;
  onChange: (value: Advanced) => void;
}

/** A copy of the request without the fields that were left open, as the server wants them absent and not empty. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as T;
}

/** What most teachers never need: styles, key, tempo, length, language and seed. */
export function AdvancedDrawer({ value, onChange }: DrawerProps) {
  const { t } = useTranslation();
  const { language: ui, noteNames } = useSettings();
  const [open, setOpen] = useState(false);
  const change = (part: { [K in keyof Advanced]?: Advanced[K] | undefined }) => onChange(without({ ...value, ...part }) as Advanced);
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen}>
      <Collapsible.Trigger className="btn btn-quiet -ml-4 text-muted">
        <Icon name="down" className={`size-4 transition-transform ${open ? "rotate-180" : ""}`} />
        {open ? t("home.fewer") : t("home.more")}
      </Collapsible.Trigger>
      <Collapsible.Content className="mt-2 grid gap-5 rounded-xl border border-line bg-surface p-5">
        <Genres chosen={value.genres ?? []} onChange={(genres) => change({ genres: genres.length > 0 ? genres : undefined })} />
        <div className="grid grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))] gap-4">
          <Pick label={t("home.key")} value={value.key} options={KEYS.map((key) => ({ value: key, label: formatKey(key, ui, noteNames) }))} onChange={(key) => change({ key })} />
          <Count label={`${t("home.tempo")} (${t("home.bpm")})`} value={value.tempo_bpm} min={40} max={240} onChange={(tempo_bpm) => change({ tempo_bpm })} />
          <Pick
            label={t("home.bars")}
            value={value.duration_bars?.toString()}
            options={LENGTHS.map((bars) => ({ value: String(bars), label: String(bars) }))}
            onChange={(bars) => change({ duration_bars: bars === undefined ? undefined : Number(bars) })}
          />
          <Pick
            label={t("home.lyrics")}
            value={value.language}
            options={LANGUAGES.map((code) => ({ value: code, label: code === "en" ? "English" : "Español" }))}
            onChange={(code) => change({ language: LANGUAGES.find((known) => known === code) })}
          />
          <Count label={t("home.seed")} hint={t("home.seedHint")} value={value.seed} min={0} max={Number.MAX_SAFE_INTEGER} onChange={(seed) => change({ seed })} />
        </div>
      </Collapsible.Content>
    </Collapsible.Root>
  );
}

function Genres({ chosen, onChange }: { chosen: readonly string[]; onChange: (genres: string[]) => void }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { data: genres = [] } = useQuery(genresQuery);
  return (
    <fieldset className="grid gap-2">
      <legend className="eyebrow mb-1">
        {t("home.genres")} <span className="font-normal">{t("home.genresHint")}</span>
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
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}

function Pick({ label, value, options, onChange }: PickProps) {
  const { t } = useTranslation();
  return (
    <label className="grid content-start gap-1">
      <span className="eyebrow">{label}</span>
      <select className="field" value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{t("home.any")}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
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
        placeholder={t("home.any")}
        value={value ?? ""}
        onChange={(event) => onChange(Number.isFinite(event.target.valueAsNumber) ? Math.trunc(event.target.valueAsNumber) : undefined)}
      />
      {hint && <span className="text-sm text-muted">{hint}</span>}
    </label>
  );
}
