import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remixMashup } from "@/api/mashups";
import { useProblemText } from "@/api/problem-text";
import { genresQuery, mashupKey } from "@/api/queries";
import type { RemixChange } from "@/api/types";
import { useStepName } from "@/features/home/step-list";
import { useSettings } from "@/lib/settings";
import { useToasts } from "@/ui/toasts";
import { GenreMark, genreName } from "./provenance";
import { useStudio } from "./state";
import { UndoButton } from "./undo-button";

function useRemix() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const mashup = useStudio((state) => state.mashup);
  const player = useStudio((state) => state.player);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToasts((state) => state.add);
  const [step, setStep] = useState<string>();
  const remix = useMutation({
    mutationFn: (change: RemixChange) => {
      player.pause();
      return remixMashup(mashup.id, change, (event) => setStep(event.agent));
    },
    onSuccess: async (made) => {
      queries.setQueryData(mashupKey(made.id), made);
      void queries.invalidateQueries({ queryKey: ["mashups"] });
      await navigate({ to: "/studio/$id", params: { id: made.id }, state: { remixed: true }, resetScroll: false });
    },
    onError: (error) => toast({ text: t("remix.failed", { message: explain(error) }) }),
  });
  return { remix, step };
}

interface Press {
  label: string;
  change: RemixChange;
}

/** One press, a new version: easier, higher, faster, more of one style, another style. */
export function RemixPanel() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  const colours = useStudio((state) => state.colours);
  const stepName = useStepName();
  const { remix, step } = useRemix();
  const press = (label: string, change: RemixChange): Press => ({ label, change });
  const pairs: [Press, Press][] = [
    [press(t("remix.easier"), { level: "easier" }), press(t("remix.harder"), { level: "harder" })],
    [press(t("remix.keyDown"), { transpose: -2 }), press(t("remix.keyUp"), { transpose: 2 })],
    [press(t("remix.slower"), { tempo_factor: 0.88 }), press(t("remix.faster"), { tempo_factor: 1.14 })],
  ];
  return (
    <section aria-labelledby="remix">
      <h2 id="remix" className="text-2xl">
        {t("remix.heading")}
      </h2>
      <p className="mb-3 text-muted">{t("remix.lead")}</p>
      <div className="flex flex-wrap gap-2">
        {pairs.map((pair) => (
          <div key={pair[0].label} className="segmented">
            {pair.map(({ label, change }) => (
              <button key={label} type="button" disabled={remix.isPending} onClick={() => remix.mutate(change)}>
                {label}
              </button>
            ))}
          </div>
        ))}
        {mashup.genre_blend.map((genre) => (
          <button key={genre.id} type="button" className="btn px-3" disabled={remix.isPending} onClick={() => remix.mutate({ more_of: genre.id })}>
            <GenreMark colour={colours.find((colour) => colour.genre === genre.id)} />
            {t("remix.more", { genre: genre.name[language] })}
          </button>
        ))}
      </div>
      <SwapRow busy={remix.isPending} onSwap={(from, to) => remix.mutate({ swap_genre: { from, to } })} />
      {mashup.changes.length === 0 && <UndoButton className="btn mt-3" disabled={remix.isPending} />}
      <p role="status" className={remix.isPending ? "mt-2 font-semibold text-signal" : "sr-only"}>
        {remix.isPending ? `${t("remix.busy")}${step ? `: ${stepName(step)}` : ""}` : ""}
      </p>
    </section>
  );
}

function SwapRow({ busy, onSwap }: { busy: boolean; onSwap: (from: string, to: string) => void }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  const { data: genres = [] } = useQuery(genresQuery);
  const own = mashup.genre_blend.map((genre) => genre.id);
  const others = genres.filter((genre) => !own.includes(genre.id));
  const [from, setFrom] = useState(own[own.length - 1] ?? "");
  const [to, setTo] = useState("");
  const target = others.some((genre) => genre.id === to) ? to : (others[0]?.id ?? "");
  if (others.length === 0) return null;
  return (
    <div className="mt-3 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-end gap-2">
      <label className="grid gap-0.5">
        <span className="sr-only">{t("remix.swap", { genre: "" })}</span>
        <select className="field" value={from} onChange={(event) => setFrom(event.target.value)}>
          {own.map((id) => (
            <option key={id} value={id}>
              {t("remix.swap", { genre: genreName(mashup, id, language) })}
            </option>
          ))}
        </select>
      </label>
      <label className="grid gap-0.5">
        <span className="sr-only">{t("home.genres")}</span>
        <select className="field" value={target} onChange={(event) => setTo(event.target.value)}>
          {others.map((genre) => (
            <option key={genre.id} value={genre.id}>
              {genre.name[language]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="btn" disabled={busy} onClick={() => onSwap(from, target)}>
        {t("remix.swapDo")}
      </button>
    </div>
  );
}
