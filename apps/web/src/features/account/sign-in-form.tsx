import "@/i18n/people";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { passkeyOptions, providerUrl, providersQuery, signIn, signInByPasskey } from "@/api/account";
import { offers } from "@/api/offers";
import { useProblemText } from "@/api/problem-text";
import { credentialJson, hasPasskeys, requestOptions, wasCancelled } from "@/lib/webauthn";
import { workMoves } from "@/session/moving";
import { keeper } from "@/session/session";
import { FormFailure, PasswordField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Icon } from "@/ui/icons";

interface SignInFormProps {
  /** The page to go on to, for ways in that leave this one. */
  to: string;
  /** Whether this browser holds work that was made without an account. */
  guestWork?: boolean;
  /** Whose providers are shown, where the person came by a school's own address. */
  institution?: string | undefined;
  onDone: () => void;
}

/** Signs in by passkey; a person who changes their mind is told nothing. */
function PasskeyButton({ keep, onDone }: { keep: boolean; onDone: () => void }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const [failure, setFailure] = useState<string>();
  const use = async () => {
    setFailure(undefined);
    try {
      const { flow_id, options } = await passkeyOptions();
      const credential = await navigator.credentials.get({ publicKey: requestOptions(options) });
      if (!(credential instanceof PublicKeyCredential)) return;
      const tokens = await signInByPasskey({ flow_id, credential: credentialJson(credential), ...(keep ? { keep_guest_work: true } : {}) });
      if (keep) workMoves();
      keeper.adopt(tokens);
      onDone();
    } catch (error) {
      if (wasCancelled(error)) return;
      setFailure(error instanceof DOMException ? t("signIn.passkeyFailed") : explain(error));
    }
  };
  return (
    <>
      <button type="button" className="btn min-h-12" onClick={() => void use()}>
        <Icon name="key" />
        {t("signIn.passkey")}
      </button>
      <FormFailure text={failure} />
    </>
  );
}

/** Ways in that need no password here. */
function OtherWays({ to, keep, institution, onDone }: Pick<SignInFormProps, "to" | "onDone" | "institution"> & { keep: boolean }) {
  const { t } = useTranslation();
  const { data: providers = [] } = useQuery({ ...providersQuery(institution), enabled: offers.providers });
  const passkeys = offers.passkeys && hasPasskeys();
  if (!passkeys && providers.length === 0) return null;
  return (
    <div className="grid gap-2">
      <p className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t("signIn.or")}</p>
      {passkeys && <PasskeyButton keep={keep} onDone={onDone} />}
      {providers.map((provider) => (
        <a key={provider.id} className="btn min-h-12" href={providerUrl(provider.id, to, keep, institution)}>
          <Icon name="school" />
          <span>
            {t("signIn.provider", { name: provider.name })}
            <span className="block text-sm text-muted">{provider.institution_name}</span>
          </span>
        </a>
      ))}
    </div>
  );
}

/** Everything with which somebody who has an account comes in: on its page, and over a page whose session ended. */
export function SignInForm({ to, guestWork = false, institution, onDone }: SignInFormProps) {
  const { t } = useTranslation();
  const { values, text, tick, form, failure, problem, busy } = useForm({
    initial: { email: "", password: "", keep: guestWork },
    check: ({ email, password }) => ({
      ...(email.trim() ? {} : { email: t("form.emailNeeded") }),
      ...(password ? {} : { password: t("form.passwordNeeded") }),
    }),
    submit: async ({ email, password, keep }, institution) => {
      const tokens = await signIn({ email: email.trim(), password, ...(institution ? { institution_id: institution } : {}), ...(keep ? { keep_guest_work: true } : {}) });
      if (keep) workMoves();
      keeper.adopt(tokens);
      onDone();
    },
  });
  const schools = problem?.body.code === "several_institutions" ? (problem.body.errors ?? []) : [];
  return (
    <div className="grid gap-5">
      <form {...form} className="grid gap-4">
        <TextField {...text("email")} label={t("form.email")} type="email" autoComplete="username" required autoFocus />
        <PasswordField {...text("password")} label={t("form.password")} autoComplete="current-password" />
        {guestWork && <Tick {...tick("keep")} label={t("signIn.keep")} />}
        {schools.length === 0 ? (
          <FormFailure text={failure} />
        ) : (
          <fieldset className="grid gap-2">
            <legend className="pb-1 font-bold">{t("signIn.which")}</legend>
            {schools.map((school) => (
              <button key={school.code} type="submit" value={school.code} className="btn justify-start">
                <Icon name="school" />
                {school.detail ?? school.message}
              </button>
            ))}
          </fieldset>
        )}
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <SendButton busy={busy}>{t("signIn.submit")}</SendButton>
          <Link to="/forgot-password" className="link inline-flex min-h-11 items-center">
            {t("signIn.forgot")}
          </Link>
        </div>
      </form>
      <OtherWays to={to} keep={values.keep} institution={institution} onDone={onDone} />
    </div>
  );
}
