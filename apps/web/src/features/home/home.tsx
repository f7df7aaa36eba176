import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import { mashupKey } from "@/api/queries";
import { useSuggestions } from "@/features/sources/use-loan";
import { ComposerForm } from "./composer-form";
import { useGeneration } from "./generation";
import { Groove, GrooveBand } from "./groove";
import { Library } from "./library";
import { StepList } from "./step-list";

/** Fetches what the studio needs while the piece is being made. */
function warmStudio(): void {
  void import("@/features/studio/studio");
  void import("@/score/engraver").then(({ warmEngraver }) => warmEngraver());
}

export function Home() {
  const { t } = useTranslation();
  const { state, start, cancel } = useGeneration();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const describe = useProblemText();
  // What was typed is the person's own; while nothing was, a piece that was brought suggests a sentence.
  const [typed, setTyped] = useState<string>();
  const suggestions = useSuggestions();
  const prompt = typed ?? suggestions[0] ?? "";

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
      <div className="lg:hidden">
        <GrooveBand spinning={busy} />
      </div>
      <div className="mx-auto w-full max-w-[92rem] px-4 pb-10 pt-4 sm:px-8 lg:pt-[clamp(1rem,4vh,4rem)]">
        <h1 className="text-[clamp(2.4rem,1.6rem+3.1vw,4.2rem)] font-black leading-[1.02]">
          {/* Each sentence on a line of its own, as long as the screen is wide enough. */}
          {t("home.heading")
            .split(/(?<=\.)\s/)
            .map((sentence) => (
              <span key={sentence} className="block max-w-[18ch]">
                {sentence}{" "}
              </span>
            ))}
        </h1>
        <p className="mt-4 max-w-[50ch] text-lg text-muted sm:text-xl">{t("home.lead")}</p>
        <div className="relative mt-7 grid max-w-[46rem] gap-5">
          <div className="absolute left-full top-[10.4rem] -z-10 h-[clamp(20rem,30vw,28rem)] -translate-y-full max-lg:hidden">
            <Groove spinning={busy} />
          </div>
          <ComposerForm
            prompt={prompt}
            suggestions={suggestions}
            onPrompt={setTyped}
            busy={busy}
            error={state.phase === "failed" ? { field: state.problem.field, message: describe(state.problem) } : undefined}
            onSubmit={(request) => {
              warmStudio();
              void start(request);
            }}
          />
          {(state.phase === "running" || state.phase === "ready") && <StepList steps={state.steps} opening={state.phase === "ready"} onCancel={cancel} />}
        </div>
      </div>
      <Library
        onSample={() => {
          setTyped(t("home.examples.one"));
          document.getElementById("prompt")?.focus();
        }}
      />
    </div>
  );
}
