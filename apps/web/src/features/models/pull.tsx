import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelProvider, PullProgress } from "@/api/model-types";
import { providers, pullModel } from "@/api/models";
import { useSettings } from "@/lib/settings";
import { FormFailure, TextField } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { formatSize } from "./figures";
import { useRenewed } from "./parts";

/** Has an Ollama fetch a model, and shows how far it is. */
export function Pull({ provider, own }: { provider: ModelProvider; own: boolean }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const [progress, setProgress] = useState<PullProgress>();
  const fetching = useRef<AbortController>(null);
  useEffect(() => () => fetching.current?.abort(), []);
  const { text, form, failure, busy, setValues } = useForm({
    initial: { model: "" },
    check: ({ model }) => (model.trim() ? {} : { model: t("providers.pullNeeded") }),
    submit: async ({ model }) => {
      const turn = new AbortController();
      fetching.current = turn;
      try {
        const name = model.trim();
        await pullModel(provider.id, name, turn.signal, setProgress);
        // Whoever fetches a model means to use it. One that was found looks by itself what it has.
        if (own && !provider.models.includes(name)) await providers.change(provider, { models: [...provider.models, name] });
        toast({ text: t("providers.pulled", { model: name }), life: 6000 });
        setValues({ model: "" });
        await renewed();
      } catch (error) {
        if (!turn.signal.aborted) throw error;
      } finally {
        setProgress(undefined);
      }
    },
  });
  return (
    <form {...form} className="grid max-w-xl gap-2">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
        <TextField {...text("model")} label={t("providers.pull")} hint={t("providers.pullHint")} autoComplete="off" maxLength={200} placeholder="llama3.2" />
        {busy ? (
          <button type="button" className="btn mt-6.5" onClick={() => fetching.current?.abort()}>
            {t("models.cancel")}
          </button>
        ) : (
          <button type="submit" className="btn mt-6.5">
            <Icon name="download" />
            {t("providers.pullStart")}
          </button>
        )}
      </div>
      {busy && progress && <Bar progress={progress} />}
      <FormFailure text={failure} />
    </form>
  );
}

function Bar({ progress: { status, completed, total } }: { progress: PullProgress }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const known = typeof total === "number" && total > 0;
  return (
    <div className="grid gap-1">
      <progress className="upload h-2 w-full" aria-label={t("providers.pull")} {...(known ? { max: total, value: completed ?? 0 } : {})} />
      <p className="nums text-sm text-muted wrap-anywhere">
        <span lang="en">{status}</span>
        {known && ` · ${t("providers.pullOf", { done: formatSize(completed ?? 0, language), all: formatSize(total, language) })}`}
      </p>
    </div>
  );
}
