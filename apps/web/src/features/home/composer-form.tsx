import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { CONTEXTS, type GenerateRequest, LEVELS } from "@/api/types";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { SourcesPanel } from "@/features/sources/sources-panel";
import { useLoan, useUnready } from "@/features/sources/use-loan";
import { type Advanced, AdvancedDrawer, noAdvanced } from "./advanced-drawer";

export const EXAMPLES = ["one", "two", "three"] as const;

/** Fields whose messages say by themselves what they are about. */
const SPEAKS_FOR_ITSELF: ReadonlySet<string> = new Set(["user_prompt", "source_ids", "take"]);

interface ComposerFormProps {
  prompt: string;
  /** Sentences for the example chips; those of the page where there are none. */
  suggestions: readonly string[];
  onPrompt: (prompt: string) => void;
  busy: boolean;
  error: { field: string | undefined; message: string } | undefined;
  onSubmit: (request: GenerateRequest) => void;
}

/** The length that the server accepts, counted as it counts: in characters, not in UTF-16 units. */
export function lengthOf(prompt: string): number {
  return Array.from(prompt.trim()).length;
}

export function lengthProblem(prompt: string): "short" | "long" | undefined {
  const length = lengthOf(prompt);
  if (length < 10) return "short";
  return length > 2000 ? "long" : undefined;
}

/** The first thing a teacher sees: one field, one button, and a sentence that sets level and place. */
export function ComposerForm({ prompt, suggestions, onPrompt: setPrompt, busy, error, onSubmit }: ComposerFormProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const [level, setLevel] = useState<GenerateRequest["skill_level"]>("intermediate");
  const [context, setContext] = useState<GenerateRequest["educational_context"]>("classroom");
  const [advanced, setAdvanced] = useState<Advanced>(noAdvanced);
  const [touched, setTouched] = useState(false);
  const errorId = useId();
  const loan = useLoan();
  const unready = useUnready();

  const wrong = lengthProblem(prompt);
  const local = touched && wrong ? (wrong === "short" ? t("home.tooShort") : t("home.tooLong", { count: lengthOf(prompt) })) : undefined;
  const message = local ?? error?.message;

  const submit = (text: string) => {
    setTouched(true);
    if (lengthProblem(text)) document.getElementById("prompt")?.focus();
    if (lengthProblem(text) || busy || unready()) return;
    const { language: lyrics, ...rest } = advanced;
    onSubmit({ user_prompt: text.trim(), skill_level: level, educational_context: context, language: lyrics ?? language, ...rest, ...loan });
  };

  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit(prompt);
      }}
    >
      <div className="rounded-xl border-2 border-ink bg-surface shadow-sleeve focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-accent">
        <label htmlFor="prompt" className="block px-5 pt-3 text-sm font-bold">
          {t("home.prompt")}
        </label>
        <textarea
          id="prompt"
          rows={2}
          className="field-sizing-content block max-h-60 min-h-[4.5rem] w-full resize-none bg-transparent px-5 py-1 text-xl leading-snug outline-none placeholder:text-muted placeholder:opacity-100 sm:text-2xl"
          placeholder={t("home.placeholder")}
          value={prompt}
          aria-invalid={message !== undefined}
          aria-describedby={message ? errorId : undefined}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              submit(prompt);
            }
          }}
        />
        <div className="grid grid-cols-2 items-end gap-3 px-3 pb-3 sm:flex sm:flex-wrap sm:px-5">
          <Select label={t("home.level")} value={level} options={LEVELS.map((value) => ({ value, label: t(`home.levels.${value}`) }))} onChange={setLevel} />
          <Select
            label={t("home.context")}
            value={context}
            options={CONTEXTS.map((value) => ({ value, label: t(`home.contexts.${value}`) }))}
            onChange={setContext}
          />
          <button type="submit" className="btn btn-solid min-h-12 px-6 text-lg max-sm:col-span-2 sm:ml-auto" disabled={busy}>
            {t("home.submit")}
            <Icon name="arrow" />
          </button>
        </div>
      </div>
      {message && (
        <p ref={intoSight} id={errorId} role="alert" className="rounded-lg bg-bad-soft scroll-mb-4 px-4 py-2 font-semibold text-bad">
          {!local && error?.field && !SPEAKS_FOR_ITSELF.has(error.field) ? t("errors.field", { field: error.field, message }) : message}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <ul className="flex flex-wrap gap-2" aria-label={t("home.examplesLabel")}>
          {EXAMPLES.map((example, i) => {
            const sentence = suggestions[i] ?? t(`home.examples.${example}`);
            return (
              <li key={example}>
                <button
                  type="button"
                  className="chip font-semibold"
                  disabled={busy}
                  title={sentence}
                  onClick={() => {
                    setPrompt(sentence);
                    document.getElementById("prompt")?.focus();
                  }}
                >
                  {t(`home.chips.${example}`)}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      <SourcesPanel busy={busy} />
      <AdvancedDrawer value={advanced} onChange={setAdvanced} />
      {loan && (
        <button type="submit" className="btn btn-solid min-h-12 justify-self-end px-6 text-lg max-sm:w-full" disabled={busy}>
          {t("home.submit")}
          <Icon name="arrow" />
        </button>
      )}
    </form>
  );
}

/** On a phone the sentence may fill the screen: what is wrong with it must not stand below. */
function intoSight(node: HTMLElement | null): void {
  node?.scrollIntoView({ block: "nearest" });
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  return (
    <label className="grid gap-0.5">
      <span className="eyebrow">{label}</span>
      <select
        className="field font-semibold sm:w-auto"
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
