import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ModelKey, type NewModelKey, SCOPES, type Scope } from "@/api/model-types";
import { keys } from "@/api/models";
import { FormFailure, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { useToasts } from "@/ui/toasts";
import { useRenewed } from "./parts";

const MOST_A_MINUTE = 1_000_000;

/** The day of a moment where the reader is, as fields for days have it; and the last moment of such a day. */
const dayOf = (iso: string) => {
  const date = new Date(iso);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};
const endOf = (day: string) => new Date(`${day}T23:59:59`);

interface Initial {
  one?: ModelKey;
  submit: (wish: NewModelKey) => Promise<void>;
}

function useKeyForm({ one, submit }: Initial) {
  const { t } = useTranslation();
  const [scopes, setScopes] = useState<readonly Scope[]>(one?.scopes ?? SCOPES);
  const form = useForm({
    initial: {
      name: one?.name ?? "",
      scopes: "",
      models: one?.models.join(" ") ?? "",
      requests_per_minute: one?.requests_per_minute ? String(one.requests_per_minute) : "",
      expires_at: one?.expires_at ? dayOf(one.expires_at) : "",
    },
    check: ({ name, requests_per_minute: limit, expires_at: day }) => ({
      ...(name.trim() ? {} : { name: t("form.nameNeeded") }),
      ...(scopes.length > 0 ? {} : { scopes: t("keys.scopeNeeded") }),
      ...(limit.trim() === "" || (/^\d+$/.test(limit.trim()) && Number(limit) >= 1 && Number(limit) <= MOST_A_MINUTE) ? {} : { requests_per_minute: t("routes.wrongNumber", { least: 1, most: MOST_A_MINUTE }) }),
      ...(day === "" || endOf(day).getTime() > Date.now() ? {} : { expires_at: t("keys.past") }),
    }),
    submit: ({ name, models, requests_per_minute: limit, expires_at: day }) =>
      submit({
        name: name.trim(),
        scopes: [...scopes],
        models: [...new Set(models.split(/[\s,;]+/).filter(Boolean))],
        requests_per_minute: limit.trim() === "" ? null : Number(limit),
        expires_at: day === "" ? null : endOf(day).toISOString(),
      }),
  });
  return { ...form, scopes, setScopes };
}

function Fields({ form }: { form: ReturnType<typeof useKeyForm> }) {
  const { t } = useTranslation();
  const { text, scopes, setScopes } = form;
  const { id, error } = text("scopes");
  return (
    <>
      <TextField {...text("name")} label={t("keys.name")} hint={t("keys.nameHint")} maxLength={60} autoComplete="off" required />
      <fieldset>
        <legend className="text-[0.95rem] font-bold">{t("keys.scopes")}</legend>
        <div className="flex flex-wrap gap-x-8">
          {SCOPES.map((scope, i) => (
            <Tick
              key={scope}
              id={`${id}-${scope}`}
              name="scopes"
              error={i === 0 ? error : undefined}
              label={t(`keys.scope.${scope}`)}
              checked={scopes.includes(scope)}
              onChecked={(on) => setScopes(SCOPES.filter((other) => (other === scope ? on : scopes.includes(other))))}
            />
          ))}
        </div>
      </fieldset>
      <TextField {...text("models")} label={t("keys.models")} hint={t("keys.modelsHint")} maxLength={2000} autoComplete="off" />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...text("requests_per_minute")} label={t("keys.perMinute")} hint={t("keys.perMinuteHint")} inputMode="numeric" maxLength={7} />
        <TextField {...text("expires_at")} type="date" label={t("keys.expires")} hint={t("keys.expiresHint")} />
      </div>
      <FormFailure text={form.failure} />
    </>
  );
}

export function NewKey({ done }: { done: (made: ModelKey & { secret: string }) => Promise<void> }) {
  const { t } = useTranslation();
  const form = useKeyForm({ submit: async (wish) => done(await keys.add(wish)) });
  return (
    <form {...form.form} className="grid max-w-3xl gap-4">
      <Fields form={form} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("keys.add")}
      </SendButton>
    </form>
  );
}

export function ChangeKey({ one, done }: { one: ModelKey; done: () => void }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const form = useKeyForm({
    one,
    submit: async (wish) => {
      await keys.change(one, wish);
      toast({ text: t("account.saved"), life: 4000 });
      await renewed();
      done();
    },
  });
  return (
    <form {...form.form} className="grid gap-4">
      <Fields form={form} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("form.save")}
      </SendButton>
    </form>
  );
}
