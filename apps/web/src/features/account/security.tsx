import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addPasskey, changePassword, meQuery, newPasskeyOptions, passkeysQuery, removePasskey } from "@/api/account";
import type { Me } from "@/api/account-types";
import { offers } from "@/api/offers";
import { useProblemText } from "@/api/problem-text";
import { formatDay } from "@/lib/format";
import { LEAST_LENGTH } from "@/lib/password";
import { useSettings } from "@/lib/settings";
import { creationOptions, credentialJson, hasPasskeys, wasCancelled } from "@/lib/webauthn";
import { Ask } from "@/ui/ask";
import { FormFailure, PasswordField, SendButton, TextField } from "@/ui/form/fields";
import { NewPasswordField } from "@/ui/form/new-password";
import { useForm } from "@/ui/form/use-form";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { Identities } from "./identities";

export function Security() {
  const { t } = useTranslation();
  const me = useQuery(meQuery);
  return (
    <>
      <PageHead title={t("account.security")} lead={t("account.securityLead")} />
      <Loaded query={me} waiting={t("account.looking")}>
        {(data) => (
          <>
            {offers.passkeys && (
              <Block title={t("account.passkeys")} lead={t("account.passkeysLead")}>
                <Passkeys />
              </Block>
            )}
            <Block title={t("account.identities")} lead={t("account.identitiesLead")}>
              <Identities />
            </Block>
            <Block title={t("form.password")} lead={data.has_password === false ? t("account.noPassword") : t("account.passwordLead")}>
              <PasswordForm me={data} />
            </Block>
          </>
        )}
      </Loaded>
    </>
  );
}

function PasswordForm({ me }: { me: Me }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const queries = useQueryClient();
  const has = me.has_password !== false;
  const { values, text, form, failure, busy, setValues } = useForm({
    initial: { current_password: "", new_password: "" },
    check: ({ current_password, new_password }) => ({
      ...(has && !current_password ? { current_password: t("form.passwordNeeded") } : {}),
      ...(Array.from(new_password).length < LEAST_LENGTH ? { new_password: t("errors.fields.too_short") } : {}),
    }),
    submit: async ({ current_password, new_password }) => {
      await changePassword({ new_password, ...(has ? { current_password } : {}) });
      setValues({ current_password: "", new_password: "" });
      toast({ text: t("account.passwordChanged"), life: 6000 });
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return (
    <form {...form} className="grid max-w-md gap-4">
      <input type="text" name="username" autoComplete="username" value={me.user?.email ?? me.user?.username ?? ""} className="hidden" readOnly tabIndex={-1} aria-hidden="true" />
      {has && <PasswordField {...text("current_password")} label={t("form.currentPassword")} autoComplete="current-password" />}
      <NewPasswordField {...text("new_password")} label={t("form.newPassword")} known={[me.user?.given_name ?? "", me.user?.family_name ?? "", me.user?.email ?? ""]} />
      <FormFailure text={failure} />
      <SendButton busy={busy} className="justify-self-start">
        {values.new_password === "" || has ? t("account.changePassword") : t("account.setPassword")}
      </SendButton>
    </form>
  );
}

function Passkeys() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const queries = useQueryClient();
  const passkeys = useQuery(passkeysQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: passkeysQuery.queryKey });
  return (
    <div className="grid max-w-2xl gap-4">
      <Loaded query={passkeys} waiting={t("account.looking")}>
        {(list) =>
          list.length === 0 ? (
            <p className="text-muted">{t("account.noPasskeys")}</p>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {list.map((passkey) => (
                <li key={passkey.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
                  <Icon name="key" />
                  <span className="mr-auto min-w-0">
                    <strong className="block wrap-anywhere">{passkey.name}</strong>
                    <span className="text-sm text-muted">{t("account.since", { day: formatDay(passkey.created_at, language) })}</span>
                  </span>
                  <Ask
                    title={t("account.removePasskey", { name: passkey.name })}
                    text={t("account.removePasskeyText")}
                    action={t("form.remove")}
                    danger
                    run={async () => {
                      await removePasskey(passkey.id);
                      await refresh();
                    }}
                    trigger={
                      <button type="button" className="btn btn-icon btn-danger" aria-label={t("account.removePasskey", { name: passkey.name })}>
                        <Icon name="trash" />
                      </button>
                    }
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {hasPasskeys() ? <NewPasskey onAdded={refresh} /> : <p className="text-muted">{t("account.passkeysNeedSecurity")}</p>}
    </div>
  );
}

function NewPasskey({ onAdded }: { onAdded: () => Promise<void> }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const toast = useToasts((state) => state.add);
  const [refused, setRefused] = useState<string>();
  const { text, form, busy, setValues } = useForm({
    initial: { name: "" },
    submit: async ({ name }) => {
      setRefused(undefined);
      try {
        const { flow_id, options } = await newPasskeyOptions();
        const credential = await navigator.credentials.create({ publicKey: creationOptions(options) });
        if (!(credential instanceof PublicKeyCredential)) return;
        await addPasskey({ flow_id, name: name.trim() || t("account.thisDevice"), credential: credentialJson(credential) });
        setValues({ name: "" });
        toast({ text: t("account.passkeyAdded"), life: 5000 });
        await onAdded();
      } catch (error) {
        if (wasCancelled(error)) return;
        // A device that holds a passkey of this account already says `InvalidStateError`.
        const known = error instanceof DOMException && error.name === "InvalidStateError";
        setRefused(known ? t("account.passkeyThere") : error instanceof DOMException ? t("signIn.passkeyFailed") : explain(error));
      }
    },
  });
  return (
    <form {...form} className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-end">
      <TextField {...text("name")} label={t("account.passkeyName")} placeholder={t("account.thisDevice")} maxLength={100} autoComplete="off" />
      <SendButton busy={busy}>{t("account.addPasskey")}</SendButton>
      <div className="empty:hidden sm:col-span-2">
        <FormFailure text={refused} />
      </div>
    </form>
  );
}
