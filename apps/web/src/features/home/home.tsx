import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/problem";
import { mashupKey } from "@/api/queries";
import { formatSeconds } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { ComposerForm } from "./composer-form";
import { useGeneration } from "./generation";
import { Groove } from "./groove";
import { Library } from "./library";
import { StepList } from "./step-list";

function useProblemText() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (problem: Problem): string => {
    if (problem.body.title === "waiting") return t("errors.waiting");
    if (problem.status === 0) return problem.body.title === "interrupted" ? t("errors.interrupted") : t("errors.network");
    const said = problem.body.errors?.[0]?.detail ?? problem.body.detail ?? problem.body.title ?? t("errors.heading");
    const wait = problem.retryAfter === undefined ? "" : ` ${t("errors.retryIn", { time: formatSeconds(problem.retryAfter, language) })}`;
    return `${said}${problem.body.remedy ? ` ${problem.body.remedy}` : ""}${wait}`;
  };
}

export function Home() {
  const { t } = useTranslation();
  const { state, start } = useGeneration();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const describe = useProblemText();

  useEffect(() => {
    document.title = t("app.title");
  }, [t]);

  useEffect(() => {
    if (state.phase !== "ready") return;
    const id = state.mashup.id;
    queries.setQueryData(mashupKey(id), state.mashup);
    void queries.invalidateQueries({ queryKey: ["mashups"] });
    void navigate({ to: "/studio/$id", params: { id } });
  }, [state, queries, navigate]);

  const busy = state.phase === "running" || state.phase === "ready";
  return (
    <div className="overflow-x-clip">
      <div className="relative mx-auto w-full max-w-[92rem] px-4 pb-10 pt-6 sm:px-8 sm:pt-10">
        <div className="absolute -top-6 right-0 -z-10 h-64 w-full opacity-25 sm:h-[34rem] lg:right-[-4rem] lg:opacity-100" aria-hidden="true">
          <Groove spinning={busy} />
        </div>
        <div className="max-w-3xl">
          <h1 className="max-w-[14ch] text-[clamp(2.5rem,1.4rem+4.6vw,5.5rem)] font-black leading-[0.98]">{t("home.heading")}</h1>
          <p className="mt-5 max-w-[46ch] text-lg text-muted sm:text-xl">{t("home.lead")}</p>
          <div className="mt-8 grid gap-5">
            <ComposerForm
              busy={busy}
              error={state.phase === "failed" ? { field: state.problem.field, message: describe(state.problem) } : undefined}
              onSubmit={(request) => void start(request)}
            />
            {(state.phase === "running" || state.phase === "ready") && <StepList steps={state.steps} opening={state.phase === "ready"} />}
          </div>
        </div>
      </div>
      <Library />
    </div>
  );
}
