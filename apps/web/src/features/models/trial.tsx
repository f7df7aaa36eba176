import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelProvider, ModelTrial } from "@/api/model-types";
import { providers, tryModel } from "@/api/models";
import { useProblemText } from "@/api/problem-text";
import { formatDuration, formatSeconds } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { Badge } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { useRenewed } from "./parts";

/** How many of a provider's models are shown before somebody asks for all: some have hundreds. */
const SHOWN = 12;

/** Asks a provider something short, and tells how it went and what it has. */
export function Trial({ provider, own }: { provider: ModelProvider; own: boolean }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const [model, setModel] = useState("");
  const [trial, setTrial] = useState<ModelTrial>();
  const [failure, setFailure] = useState<string>();
  const asking = useRef<AbortController>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => asking.current?.abort(), []);
  const run = async () => {
    const turn = new AbortController();
    asking.current = turn;
    setBusy(true);
    setTrial(undefined);
    setFailure(undefined);
    try {
      setTrial(await tryModel(provider.id, model || undefined, turn.signal));
    } catch (error) {
      if (!turn.signal.aborted) setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-end gap-2">
        {provider.models.length > 1 && (
          <label className="grid gap-0.5">
            <span className="eyebrow">{t("providers.model")}</span>
            <select className="field max-w-60" value={model} onChange={(event) => setModel(event.target.value)}>
              <option value="">{t("providers.anyModel")}</option>
              {provider.models.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="button" className="btn" aria-disabled={busy} onClick={() => void (busy || run())}>
          <Icon name="check" />
          {busy ? t("providers.testing") : t("providers.test")}
        </button>
        {busy && <Elapsed />}
        {busy && (
          <button type="button" className="btn" onClick={() => asking.current?.abort()}>
            {t("models.cancel")}
          </button>
        )}
      </div>
      <FormFailure text={failure} />
      <div role="status">{trial && <Told trial={trial} />}</div>
      {trial && own && <Offers provider={provider} models={trial.models} />}
    </div>
  );
}

/** How long it has been asked for: a model that is loaded first may need half a minute. */
function Elapsed() {
  const language = useSettings((state) => state.language);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="nums flex min-h-11 items-center text-muted" aria-hidden="true">
      {seconds > 0 && formatSeconds(seconds, language)}
    </span>
  );
}

function Told({ trial }: { trial: ModelTrial }) {
  const { t, i18n } = useTranslation();
  const language = useSettings((state) => state.language);
  const { problem } = trial;
  const known = problem && i18n.exists(`providers.troubles.${problem.kind}`) ? t(`providers.troubles.${problem.kind}` as "providers.troubles.timeout") : undefined;
  return (
    <div className="grid max-w-3xl gap-1.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={trial.ok ? "good" : "bad"}>{t(trial.ok ? "providers.good" : "providers.bad")}</Badge>
        {trial.ok && <span>{t("providers.took", { model: trial.model ?? "", time: formatDuration(trial.latency_ms, language) })}</span>}
        {known && <span className="font-semibold">{known}</span>}
      </p>
      {trial.ok && <blockquote className="border-l-4 border-accent bg-accent-soft px-4 py-2 wrap-anywhere">{trial.answer?.trim() || t("providers.empty")}</blockquote>}
      {problem && (
        <p className="text-sm text-muted wrap-anywhere" lang="en">
          {problem.text}
        </p>
      )}
    </div>
  );
}

/** Models that the provider has and the school does not offer yet. */
function Offers({ provider, models }: { provider: ModelProvider; models: readonly string[] }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const explain = useProblemText();
  const renewed = useRenewed();
  const [all, setAll] = useState(false);
  const missing = models.filter((model) => !provider.models.includes(model));
  if (missing.length === 0) return null;
  const offer = async (model: string) => {
    try {
      await providers.change(provider, { models: [...provider.models, model] });
      toast({ text: t("providers.offered", { model }), life: 4000 });
      await renewed();
    } catch (error) {
      toast({ text: explain(error) });
    }
  };
  return (
    <div className="grid gap-2">
      <p>{t("providers.has")}</p>
      <ul className="flex flex-wrap gap-2">
        {(all ? missing : missing.slice(0, SHOWN)).map((model) => (
          <li key={model}>
            <button type="button" className="chip" aria-label={t("providers.offer", { model })} onClick={() => void offer(model)}>
              <Icon name="plus" className="size-4" />
              <span className="wrap-anywhere">{model}</span>
            </button>
          </li>
        ))}
        {!all && missing.length > SHOWN && (
          <li>
            <button type="button" className="btn" onClick={() => setAll(true)}>
              {t("providers.moreModels", { count: missing.length })}
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}
