import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { Choice } from "@/ui/choice";
import { Icon } from "@/ui/icons";
import { LyricLineView } from "./lyric-line";
import { NoteCard } from "./note-card";
import { Legend } from "./provenance";
import { Roll } from "./roll";
import { ScoreView } from "./score-view";
import { useStudio } from "./state";

const SCALES = [26, 32, 40, 50, 62] as const;

/** The size of the notes that suits the screen: a phone has room for few of them, a projector is far away. */
function firstSize(): number {
  if (matchMedia("(min-width: 96rem)").matches) return 2;
  return matchMedia("(min-width: 26rem)").matches ? 1 : 0;
}

/** On a phone a full score is a wall of dots: the tune alone is what a class can follow. */
function firstParts(parts: readonly { id: string; role: string }[]): string[] {
  if (matchMedia("(min-width: 40rem)").matches) return [];
  const tune = parts.find((part) => part.role === "melody");
  return tune ? [tune.id] : [];
}

/** The picture of the music: the score or the piano roll, with the words under it. */
export function Stage() {
  const { t } = useTranslation();
  const view = useStudio((state) => state.view);
  const tinted = useStudio((state) => state.tinted);
  const set = useStudio((state) => state.set);
  const mashup = useStudio((state) => state.mashup);
  const [parts, setParts] = useState(() => firstParts(mashup.score.parts));
  const [size, setSize] = useState(firstSize);
  return (
    <section aria-label={t("studio.view")} className="flex min-h-0 min-w-0 flex-col max-lg:contents">
      <div className="flex flex-wrap items-center gap-2 px-3 pb-2 sm:px-0">
        <Choice
          label={t("studio.view")}
          value={view}
          options={[
            { value: "score", label: t("studio.score") },
            { value: "roll", label: t("studio.roll") },
          ]}
          onChange={(next) => set({ view: next })}
        />
        {view === "score" && (
          <>
            <PartsMenu chosen={parts} onChange={setParts} />
            <button type="button" className="btn btn-icon max-sm:hidden" aria-label={t("studio.smaller")} disabled={size === 0} onClick={() => setSize(size - 1)}>
              −
            </button>
            <button
              type="button"
              className="btn btn-icon max-sm:hidden"
              aria-label={t("studio.bigger")}
              disabled={size === SCALES.length - 1}
              onClick={() => setSize(size + 1)}
            >
              +
            </button>
            <button type="button" className="btn max-xl:w-11 max-xl:px-0" aria-pressed={tinted} title={t("studio.tint")} onClick={() => set({ tinted: !tinted })}>
              <Icon name="palette" />
              <span className="max-xl:sr-only">{t("studio.tint")}</span>
            </button>
          </>
        )}
      </div>
      <div className="card relative h-[36dvh] min-h-52 overflow-hidden max-lg:sticky max-lg:top-0 max-lg:z-10 max-sm:rounded-none max-sm:border-x-0 lg:h-auto short:static lg:min-h-0 lg:flex-1">
        {view === "score" ? <ScoreView parts={parts} scale={SCALES[size] ?? 40} /> : <Roll />}
        <NoteCard />
      </div>
      <div className="grid gap-1 px-3 py-2 sm:px-0">
        {(tinted || view === "roll") && <Legend />}
        <div className="flex items-center gap-3">
          <LyricLineView />
          <button type="button" className="btn btn-icon ml-auto" aria-label={t("studio.wall")} title={t("studio.wall")} onClick={() => set({ wall: true })}>
            <Icon name="wall" />
          </button>
        </div>
      </div>
    </section>
  );
}

function PartsMenu({ chosen, onChange }: { chosen: readonly string[]; onChange: (parts: string[]) => void }) {
  const { t } = useTranslation();
  const parts = useStudio((state) => state.mashup.score.parts);
  const language = useSettings((state) => state.language);
  const shown = parts.filter((part) => chosen.includes(part.id));
  const choice = shown.length === 0 ? t("studio.allParts") : shown.map((part) => part.name[language]).join(", ");
  const item = "flex min-h-11 cursor-pointer items-center gap-2 rounded-lg px-3 outline-none data-[highlighted]:bg-ink data-[highlighted]:text-paper";
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="btn max-sm:px-2.5" aria-label={`${t("studio.parts")}: ${choice}`}>
        {choice}
        <Icon name="down" className="size-4" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={4} className="z-40 min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-sleeve">
          <DropdownMenu.CheckboxItem className={item} checked={chosen.length === 0} onCheckedChange={() => onChange([])} onSelect={(event) => event.preventDefault()}>
            <Tick />
            {t("studio.allParts")}
          </DropdownMenu.CheckboxItem>
          {parts.map((part) => (
            <DropdownMenu.CheckboxItem
              key={part.id}
              className={item}
              checked={chosen.includes(part.id)}
              onCheckedChange={(on) => onChange(on ? [...chosen, part.id] : chosen.filter((id) => id !== part.id))}
              onSelect={(event) => event.preventDefault()}
            >
              <Tick />
              {part.name[language]}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Tick() {
  return (
    <span className="grid size-5 place-items-center">
      <DropdownMenu.ItemIndicator>
        <Icon name="check" className="size-4" />
      </DropdownMenu.ItemIndicator>
    </span>
  );
}
