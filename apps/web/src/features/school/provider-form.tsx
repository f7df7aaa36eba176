import { useState } from "react";
import { useTranslation } from "react-i18next";
import { NEWCOMERS, type NewProvider as Wish, type SchoolProvider } from "@/api/account-types";
import { addProvider, changeProvider, removeProvider } from "@/api/school";
import { readDomains } from "@/lib/domains";
import { useSession } from "@/session/session";
import { Ask } from "@/ui/ask";
import { FormFailure, SecretField, SelectField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Icon } from "@/ui/icons";
import { Block } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { ProviderTrial } from "./provider-trial";

/** What is usual at the providers that most schools have. */
const KINDS = {
  google: { name: "Google", issuer: "https://accounts.google.com" },
  microsoft: { name: "Microsoft", issuer: "https://login.microsoftonline.com/…/v2.0" },
  keycloak: { name: "Keycloak", issuer: "https://…/realms/…" },
  other: { name: "", issuer: "https://" },
} as const;
type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

const EMPTY = { name: "", issuer: "https://", client_id: "", client_secret: "", new_people: "nobody", guardians_agreed: false, email_domains: "", enabled: true, listed: true };
type Values = { [K in keyof typeof EMPTY]: (typeof EMPTY)[K] extends boolean ? boolean : string };

function read({ email_domains, new_people, client_secret, ...rest }: Values): Wish {
  const newcomers = NEWCOMERS.find((known) => known === new_people) ?? "nobody";
  return { ...rest, new_people: newcomers, email_domains: readDomains(email_domains), ...(client_secret ? { client_secret } : {}) };
}

function useProviderForm(initial: Values, submit: (wish: Wish) => Promise<void>) {
  const { t } = useTranslation();
  return useForm({
    initial,
    check: ({ name }) => (name.trim() ? {} : { name: t("form.nameNeeded") }),
    submit: (values) => submit(read(values)),
  });
}

/** The fields of a provider. */
function Fields({ form, hasSecret }: { form: ReturnType<typeof useProviderForm>; hasSecret: boolean }) {
  const { t } = useTranslation();
  const { values, text, tick } = form;
  const institution = useSession((state) => state.me?.institution_id);
  return (
    <>
      <TextField {...text("name")} label={t("signOn.name")} maxLength={60} autoComplete="off" required />
      <TextField {...text("issuer")} label={t("signOn.issuer")} hint={t("signOn.issuerHint")} maxLength={500} autoComplete="off" required />
      <TextField {...text("client_id")} label={t("signOn.clientId")} maxLength={500} autoComplete="off" required />
      <SecretField {...text("client_secret")} label={t("signOn.secret")} hint={hasSecret ? t("signOn.secretKept") : t("signOn.secretHint")} />
      <SelectField {...text("new_people")} label={t("signOn.newPeople")} hint={t("signOn.newPeopleHint")} options={NEWCOMERS.map((value) => ({ value, label: t(`signOn.newcomers.${value}`) }))} />
      <Tick {...tick("guardians_agreed")} label={t("signOn.guardians")} hint={t("signOn.guardiansHint")} />
      <TextField {...text("email_domains")} label={t("signOn.domains")} hint={t("signOn.domainsHint")} placeholder="school.example" autoComplete="off" />
      <Tick {...tick("enabled")} label={t("signOn.enabled")} />
      <Tick {...tick("listed")} label={t("signOn.listed")} />
      {!values.listed && (
        <p className="text-sm text-muted">
          {t("signOn.listedHint")} <code className="wrap-anywhere">{`${location.origin}/sign-in?institution=${institution ?? ""}`}</code>
        </p>
      )}
      <FormFailure text={form.failure} />
    </>
  );
}

/** A provider that is added. */
export function NewProvider({ done }: { done: () => Promise<void> }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const [kind, setKind] = useState<Kind>("google");
  const form = useProviderForm({ ...EMPTY, ...KINDS.google }, async (wish) => {
    await addProvider(wish);
    toast({ text: t("signOn.added"), life: 5000 });
    await done();
  });
  const choose = (chosen: Kind) => {
    setKind(chosen);
    form.setValues((before) => ({ ...before, ...KINDS[chosen] }));
  };
  return (
    <form {...form.form} className="grid max-w-2xl gap-4">
      <SelectField id="provider-kind" name="kind" error={undefined} label={t("signOn.kind")} hint={t(`signOn.hints.${kind}`)} value={kind} options={KIND_NAMES.map((value) => ({ value, label: t(`signOn.kinds.${value}`) }))} onValue={choose} />
      <Fields form={form} hasSecret={false} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("signOn.add")}
      </SendButton>
    </form>
  );
}

interface ProviderCardProps {
  provider: SchoolProvider;
  editable: boolean;
  changed: () => Promise<void>;
}

/** A provider that is there: what was set, whether it works, and the way out. */
export function ProviderCard({ provider, editable, changed }: ProviderCardProps) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const { name, issuer, client_id, new_people, guardians_agreed, enabled, listed } = provider;
  const initial = { name, issuer, client_id, client_secret: "", new_people, guardians_agreed, email_domains: provider.email_domains.join(" "), enabled, listed };
  const form = useProviderForm(initial, async (wish) => {
    await changeProvider(provider, wish);
    toast({ text: t("account.saved"), life: 4000 });
    await changed();
  });
  const remove = async () => {
    await removeProvider(provider.id);
    toast({ text: t("signOn.removed"), life: 4000 });
    await changed();
  };
  return (
    <Block title={provider.name}>
      {editable && <ProviderTrial id={provider.id} />}
      <form {...form.form}>
        <fieldset disabled={!editable} className="grid max-w-2xl gap-4">
          <Fields form={form} hasSecret={provider.has_secret} />
          {editable && (
            <div className="flex flex-wrap gap-3">
              <SendButton busy={form.busy}>{t("form.save")}</SendButton>
              <Ask
                title={t("signOn.removeTitle", { name: provider.name })}
                text={t("signOn.removeText")}
                action={t("form.remove")}
                danger
                run={remove}
                trigger={
                  <button type="button" className="btn min-h-12">
                    <Icon name="trash" />
                    {t("form.remove")}
                  </button>
                }
              />
            </div>
          )}
        </fieldset>
      </form>
    </Block>
  );
}
