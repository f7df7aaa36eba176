import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changeMe, meKey, meQuery, resendVerification } from "@/api/account";
import type { Me, User } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { type Language, LANGUAGES, useSettings } from "@/lib/settings";
import { keeper } from "@/session/session";
import { FormFailure, SelectField, SendButton, TextField } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Loaded } from "@/ui/loaded";
import { Badge, Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** Each language in its own words: who needs it cannot read the others. */
const OWN_NAMES = { en: "English", es: "Español" } as const;

export function Profile() {
  const { t } = useTranslation();
  const me = useQuery(meQuery);
  return (
    <>
      <PageHead title={t("account.profile")} lead={t("account.profileLead")} />
      <Loaded query={me} waiting={t("account.looking")}>
        {(data) => (
          <>
            {data.user && <ProfileForm key={data.user.version} user={data.user} />}
            <Standing me={data} />
          </>
        )}
      </Loaded>
    </>
  );
}

function ProfileForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const setSettings = useSettings((state) => state.set);
  const { text, form, failure, busy } = useForm({
    initial: { given_name: user.given_name, family_name: user.family_name, locale: (user.locale ?? "") as Language | "" },
    check: ({ given_name }) => (given_name.trim() ? {} : { given_name: t("form.nameNeeded") }),
    submit: async ({ given_name, family_name, locale }) => {
      const changed = await changeMe(user.version, { given_name: given_name.trim(), family_name: family_name.trim(), ...(locale ? { locale } : {}) });
      queries.setQueryData(meKey, changed);
      keeper.rename(changed);
      if (locale) setSettings({ language: locale });
      toast({ text: t("account.saved"), life: 4000 });
    },
  });
  return (
    <form {...form} className="mb-10 grid max-w-2xl gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...text("given_name")} label={t("form.givenName")} autoComplete="given-name" maxLength={100} />
        <TextField {...text("family_name")} label={t("form.familyName")} autoComplete="family-name" maxLength={100} />
      </div>
      <SelectField
        {...text("locale")}
        label={t("account.language")}
        hint={t("account.languageHint")}
        options={[...(user.locale ? [] : [{ value: "", label: t("account.languageUnset") }]), ...LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))]}
      />
      <FormFailure text={failure} />
      <SendButton busy={busy} className="justify-self-start">
        {t("form.save")}
      </SendButton>
    </form>
  );
}

/** What the school says of the person: to be read, and changed by the school alone. */
function Standing({ me }: { me: Me }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const toast = useToasts((state) => state.add);
  const resend = () =>
    resendVerification().then(
      () => toast({ text: t("account.verificationSent", { email: me.user?.email }) }),
      (error: unknown) => toast({ text: explain(error) }),
    );
  const { user } = me;
  const rows: [string, string | undefined][] = [
    [t("account.institution"), me.institution.name],
    [t("account.role"), t(`session.roles.${me.role}`)],
    [t("form.username"), user?.username ?? undefined],
  ];
  return (
    <Block title={t("account.standing")} lead={t("account.standingLead")}>
      <dl className="grid max-w-2xl divide-y divide-line border-y border-line">
        {user?.email && (
          <div className="flex flex-wrap items-center gap-x-6 gap-y-1 py-2.5">
            <dt className="w-40 font-bold">{t("form.email")}</dt>
            <dd className="wrap-anywhere">{user.email}</dd>
            <dd>{user.email_verified ? <Badge tone="good">{t("account.verified")}</Badge> : <Badge tone="signal">{t("account.unverified")}</Badge>}</dd>
            {!user.email_verified && (
              <dd>
                <button type="button" className="btn" onClick={() => void resend()}>
                  {t("account.resend")}
                </button>
              </dd>
            )}
          </div>
        )}
        {rows.map(([label, value]) =>
          value === undefined ? null : (
            <div key={label} className="flex flex-wrap gap-x-6 py-2.5">
              <dt className="w-40 font-bold">{label}</dt>
              <dd className="wrap-anywhere">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Block>
  );
}
