import { useEffect, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Command, useCommands } from "@/app/shortcuts";
import type { Task, Text } from "@/api/types";
import { useSettings } from "@/lib/settings";
import type { Answer } from "./grade";

interface TaskInputProps {
  task: Task;
  answer: Answer | undefined;
  locked: boolean;
  onChange: (answer: Answer) => void;
}

/** The right kind of field for each kind of question. */
export function TaskInput({ task, answer, locked, onChange }: TaskInputProps) {
  const { t } = useTranslation();
  const chosen = answer?.kind === "choices" ? answer.chosen : [];
  const typed = answer?.kind === "typed" ? answer.text : "";
  const choose = (next: number[]) => onChange({ kind: "choices", chosen: next });
  switch (task.kind) {
    case "multiple_choice":
      return <Options options={task.options} chosen={chosen} key_={[task.key]} locked={locked} onToggle={(index) => choose([index])} />;
    case "multiple_select":
      return (
        <div className="grid gap-2">
          <p className="text-muted">{t("quiz.several")}</p>
          <Options
            several
            options={task.options}
            chosen={chosen}
            key_={task.key}
            locked={locked}
            onToggle={(index) => choose(chosen.includes(index) ? chosen.filter((one) => one !== index) : [...chosen, index])}
          />
        </div>
      );
    case "true_false": {
      const at = answer?.kind === "truth" ? [answer.value ? 0 : 1] : [];
      const label = (key: "quiz.trueOption" | "quiz.falseOption") => ({ en: t(key), es: t(key) });
      return (
        <Options
          options={[label("quiz.trueOption"), label("quiz.falseOption")]}
          chosen={at}
          key_={[task.key ? 0 : 1]}
          locked={locked}
          onToggle={(index) => onChange({ kind: "truth", value: index === 0 })}
        />
      );
    }
    case "numeric":
    case "short_text":
      return (
        <label className="grid max-w-sm gap-1">
          <span className="font-bold">{task.kind === "numeric" ? t("quiz.number") : t("quiz.text")}</span>
          <input
            className="field text-lg"
            inputMode={task.kind === "numeric" ? "numeric" : "text"}
            autoCapitalize="off"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            readOnly={locked}
            onChange={(event) => onChange({ kind: "typed", text: event.target.value })}
          />
        </label>
      );
    case "ordering":
      return <Ordering entries={task.entries} order={chosen} locked={locked} onChange={choose} />;
    case "matching":
      return <Matching left={task.left} right={task.right} chosen={chosen} locked={locked} onChange={choose} />;
  }
}

interface OptionsProps {
  options: readonly Text[];
  chosen: readonly number[];
  key_: readonly number[];
  several?: boolean;
  locked: boolean;
  onToggle: (index: number) => void;
}

/** Options to press, also by their number on the keyboard. */
function Options({ options, chosen, key_, several = false, locked, onToggle }: OptionsProps) {
  const language = useSettings((state) => state.language);
  const name = useId();
  useCommands(
    useMemo(
      (): Command[] =>
        locked ? [] : options.map((option, i) => ({ id: `${name}-${i}`, label: `${i + 1}: ${option[language]}`, key: String(i + 1), run: () => onToggle(i) })),
      // The commands close over the last answer, so they must be made anew with it.
      [locked, options, language, name, onToggle],
    ),
  );
  return (
    <div role={several ? "group" : "radiogroup"} className="grid gap-2">
      {options.map((option, i) => {
        const on = chosen.includes(i);
        const verdict = !locked ? "" : key_.includes(i) ? "border-good bg-good-soft" : on ? "border-bad bg-bad-soft" : "";
        return (
          <label
            key={i}
            className={`flex min-h-12 items-center gap-3 rounded-xl border-2 bg-surface px-4 py-2 text-lg has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${verdict || (on ? "border-ink" : "border-line")}`}
          >
            <input type={several ? "checkbox" : "radio"} name={name} className="size-5 accent-(--accent)" checked={on} disabled={locked} onChange={() => onToggle(i)} />
            <span className="mr-auto">{option[language]}</span>
            <kbd className="kbd max-sm:hidden" aria-hidden="true">
              {i + 1}
            </kbd>
          </label>
        );
      })}
    </div>
  );
}

interface OrderingProps {
  entries: readonly Text[];
  order: readonly number[];
  locked: boolean;
  onChange: (order: number[]) => void;
}

/** Entries with a button up and a button down: works with a finger, a mouse and a keyboard alike. */
function Ordering({ entries, order, locked, onChange }: OrderingProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  useEffect(() => {
    if (order.length === 0) onChange(entries.map((_, i) => i));
  }, [order, entries, onChange]);
  const move = (place: number, by: number) => {
    const next = [...order];
    const [moved] = next.splice(place, 1);
    if (moved !== undefined) next.splice(place + by, 0, moved);
    onChange(next);
  };
  return (
    <ol className="grid gap-2">
      {order.map((index, place) => {
        const entry = entries[index]?.[language] ?? "";
        return (
          <li key={index} className="flex min-h-12 items-center gap-2 rounded-xl border-2 border-line bg-surface py-1 pl-4 pr-1 text-lg">
            <span className="nums text-muted">{place + 1}</span>
            <span className="mr-auto">{entry}</span>
            <button type="button" className="btn btn-icon" disabled={locked || place === 0} aria-label={t("quiz.up", { entry })} onClick={() => move(place, -1)}>
              ↑
            </button>
            <button
              type="button"
              className="btn btn-icon"
              disabled={locked || place === order.length - 1}
              aria-label={t("quiz.down", { entry })}
              onClick={() => move(place, 1)}
            >
              ↓
            </button>
          </li>
        );
      })}
    </ol>
  );
}

interface MatchingProps {
  left: readonly Text[];
  right: readonly Text[];
  chosen: readonly number[];
  locked: boolean;
  onChange: (chosen: number[]) => void;
}

function Matching({ left, right, chosen, locked, onChange }: MatchingProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const choose = (place: number, index: number) => onChange(left.map((_, i) => (i === place ? index : (chosen[i] ?? -1))));
  return (
    <div className="grid gap-3">
      {left.map((entry, i) => (
        <label key={i} className="grid gap-1">
          <span className="text-lg font-bold">{entry[language]}</span>
          <select
            className="field"
            aria-label={t("quiz.matchFor", { left: entry[language] })}
            disabled={locked}
            value={chosen[i] ?? -1}
            onChange={(event) => choose(i, Number(event.target.value))}
          >
            <option value={-1}>{t("quiz.choose")}</option>
            {right.map((option, at) => (
              <option key={at} value={at}>
                {option[language]}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
