import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import type { Step } from "./generation";

/** The name of an agent's step in the reader's language; an agent this page does not know keeps its own name. */
export function useStepName() {
  const { t, i18n } = useTranslation();
  return (agent: string): string => (i18n.exists(`steps.${agent}`) ? t(`steps.${agent}` as "steps.starting") : agent.replaceAll("_", " "));
}

/** The steps of a generation as they happen, told politely to screen readers. */
export function StepList({ steps, opening, onCancel }: { steps: readonly Step[]; opening: boolean; onCancel: () => void }) {
  const { t } = useTranslation();
  const name = useStepName();
  const language = useSettings((state) => state.language);
  const list = useRef<HTMLElement>(null);
  // In braces: newer browsers answer with a promise, which React would take for a clean-up.
  useEffect(() => {
    list.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, []);
  return (
    <section ref={list} aria-labelledby="steps-heading" className="card scroll-my-6 p-5 shadow-sleeve">
      <div className="mb-2 flex items-center justify-between gap-3">
        <h2 id="steps-heading" className="text-2xl">
          {t("steps.heading")}
        </h2>
        {!opening && (
          <button type="button" className="btn btn-quiet" onClick={onCancel}>
            {t("home.cancel")}
          </button>
        )}
      </div>
      <ol aria-live="polite" aria-relevant="additions text" className="grid gap-0.5 text-lg">
        {steps.length === 0 && <Line busy label={t("steps.starting")} />}
        {steps.map((step, i) => (
          <Line
            key={i}
            busy={step.status === "running"}
            label={step.round > 1 ? `${name(step.agent)} · ${t("steps.round", { count: step.round })}` : name(step.agent)}
            {...(step.milliseconds === undefined ? {} : { time: formatDuration(step.milliseconds, language) })}
          />
        ))}
        {opening && <Line busy label={t("steps.opening")} />}
      </ol>
    </section>
  );
}

function Line({ busy, label, time }: { busy: boolean; label: string; time?: string }) {
  return (
    <li className="flex min-h-9 items-center gap-3">
      {busy ? <span className="step-pulse size-4 rounded-full bg-signal" aria-hidden="true" /> : <Icon name="check" className="size-4 text-good" />}
      <span className={busy ? "font-bold" : ""}>{label}</span>
      {time && <span className="nums ml-auto text-base text-muted">{time}</span>}
    </li>
  );
}
