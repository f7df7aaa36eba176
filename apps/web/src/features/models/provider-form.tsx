import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Dialect, ModelProvider, NewModelProvider } from "@/api/model-types";
import { providers } from "@/api/models";
import { AreaField, FormFailure, SecretField, SelectField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { useToasts } from "@/ui/toasts";
import { useRenewed } from "./parts";

/** What is usual at those that most schools know. */
const KINDS = {
  openai: { dialect: "openai", name: "openai", base_url: "https://api.openai.com/v1", local: false },
  anthropic: { dialect: "anthropic", name: "anthropic", base_url: "https://api.anthropic.com", local: false },
  gemini: { dialect: "gemini", name: "gemini", base_url: "https://generativelanguage.googleapis.com", local: false },
  ollama: { dialect: "ollama", name: "ollama", base_url: "http://127.0.0.1:11434", local: true },
  compatible: { dialect: "openai", name: "", base_url: "https://", local: false },
} as const satisfies Record<string, Pick<NewModelProvider, "dialect" | "name" | "base_url" | "local">>;
/** As it stands in headers, and before a model: `lab/qwen`. */
const NAME = /^[a-z\d][a-z\d._-]{0,59}$/i;
type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

interface Values extends Record<string, string | boolean> {
  name: string;
  base_url: string;
  api_key: string;
  forget: boolean;
  models: string;
  local: boolean;
  agreement: string;
}

/** The names in a text, one a line or between commas, each once. */
const readModels = (text: string) => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

const read = (dialect: Dialect, { name, base_url, api_key, forget, models, local, agreement }: Values): NewModelProvider => ({
  name: name.trim(),
  dialect,
  base_url: base_url.trim(),
  local,
  models: readModels(models),
  agreement: local ? null : agreement.trim() || null,
  ...(forget ? { api_key: null } : api_key ? { api_key: api_key.trim() } : {}),
});

function useProviderForm(initial: Values, submit: (values: Values) => Promise<void>) {
  const { t } = useTranslation();
  return useForm<Values>({
    initial,
    check: ({ name, base_url }) => ({
      ...(NAME.test(name.trim()) ? {} : { name: t("providers.nameWrong") }),
      ...(/^https?:\/\/./.test(base_url.trim()) ? {} : { base_url: t("errors.fields.invalid_base_url") }),
    }),
    submit,
  });
}

function Fields({ form, kept, hint }: { form: ReturnType<typeof useProviderForm>; kept: boolean; hint?: string | null | undefined }) {
  const { t } = useTranslation();
  const { values, text, tick } = form;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...text("name")} label={t("providers.name")} hint={t("providers.nameHint")} maxLength={60} autoComplete="off" required />
        <TextField {...text("base_url")} label={t("providers.address")} maxLength={500} autoComplete="off" required />
      </div>
      <SecretField {...text("api_key")} label={t("providers.key")} hint={kept ? t("providers.keyKept", { hint: hint ?? "…" }) : t("providers.keyHint")} />
      {kept && <Tick {...tick("forget")} label={t("providers.keyRemove")} />}
      <AreaField {...text("models")} rows={3} label={t("providers.models")} hint={t("providers.modelsHint")} maxLength={10_000} />
      <Tick {...tick("local")} label={t("providers.local")} hint={t("providers.localHint")} />
      {!values.local && <TextField {...text("agreement")} label={t("providers.agreement")} hint={t("providers.agreementHint")} maxLength={200} autoComplete="off" />}
      <FormFailure text={form.failure} />
    </>
  );
}

/** A provider that is added: of one of the kinds that most schools have, whose address is known. */
export function NewProvider({ done }: { done: () => Promise<void> }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const [kind, setKind] = useState<Kind>("openai");
  const { name, base_url, local, dialect } = KINDS[kind];
  const form = useProviderForm({ name, base_url, local, api_key: "", forget: false, models: "", agreement: "" }, async (values) => {
    await providers.add(read(dialect, values));
    toast({ text: t("providers.added"), life: 5000 });
    await done();
  });
  const choose = (chosen: Kind) => {
    setKind(chosen);
    const known = KINDS[chosen];
    form.setValues((before) => ({ ...before, name: known.name, base_url: known.base_url, local: known.local }));
  };
  return (
    <form {...form.form} className="grid max-w-3xl gap-4">
      <SelectField id="provider-kind" name="kind" error={undefined} label={t("providers.kind")} hint={t(`providers.hints.${kind}`)} value={kind} options={KIND_NAMES.map((value) => ({ value, label: t(`providers.kinds.${value}`) }))} onValue={choose} />
      <Fields form={form} kept={false} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("providers.add")}
      </SendButton>
    </form>
  );
}

/** A provider that is there, and what of it is changed. */
export function ChangeProvider({ provider, done }: { provider: ModelProvider; done: () => void }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const { name, base_url, local, dialect, models, agreement } = provider;
  const form = useProviderForm({ name, base_url, local, api_key: "", forget: false, models: models.join("\n"), agreement: agreement ?? "" }, async (values) => {
    await providers.change(provider, read(dialect, values));
    toast({ text: t("account.saved"), life: 4000 });
    await renewed();
    done();
  });
  return (
    <form {...form.form} className="grid gap-4">
      <Fields form={form} kept={provider.has_key} hint={provider.key_hint} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("form.save")}
      </SendButton>
    </form>
  );
}
