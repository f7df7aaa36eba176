import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invitationQuery, openInstitutionsQuery, register } from "@/api/account";
import type { InstitutionName, Invitation, Registered, Registration } from "@/api/account-types";
import { offers } from "@/api/offers";
import { Problem } from "@/api/problem";
import { useProblemText } from "@/api/problem-text";
import { ALWAYS_ASKS_GUARDIAN, ageOn } from "@/lib/age";
import { useToken } from "@/lib/letters";
import { LEAST_LENGTH } from "@/lib/password";
import { useSettings } from "@/lib/settings";
import { workMoves } from "@/session/moving";
import { keeper } from "@/session/session";
import { FormFailure, SelectField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { NewPasswordField } from "@/ui/form/new-password";
import { useForm } from "@/ui/form/use-form";
import { useToasts } from "@/ui/toasts";
import { Frame } from "./frame";
import { Letter } from "./letter";
import { useGoOn } from "./sign-in";

/** Makes an account: by an invitation, whose letter led here, or at an institution that is open to everybody. */
export function Register() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const { to, keep, invitation: named } = useSearch({ from: "/register" });
  const token = useToken();
  const invitation = named ?? token;
  const invited = useQuery({ ...invitationQuery(invitation), enabled: invitation !== "" });
  const open = useQuery({ ...openInstitutionsQuery, enabled: invitation === "" });
  const [made, setMade] = useState<{ status: Registered["status"]; guardian: string }>();

  if (made) return <Made {...made} to={to} />;
  const failure = invited.error ?? open.error;
  const nowhere = open.data?.length === 0;
  return (
    <Frame
      title={invited.data ? t("register.invitedTitle", { name: invited.data.institution.name }) : t("register.title")}
      lead={keep ? t("register.keepLead") : invited.data ? t("register.invitedLead", { role: t(`session.roles.${invited.data.role}`) }) : t("register.lead")}
      after={
        <Link to="/sign-in" search={{ ...(to ? { to } : {}), ...(keep ? { keep } : {}) }} className="link inline-flex min-h-11 items-center">
          {t("register.have")}
        </Link>
      }
    >
      {failure && <FormFailure text={invitation === "" ? explain(failure) : t("register.invitationGone")} />}
      {nowhere && <p className="text-lg">{t("register.nowhere")}</p>}
      {!failure && !nowhere && (invited.isFetching || open.isFetching) && <p role="status">{t("register.looking")}</p>}
      {invited.data && <RegisterForm invitation={{ token: invitation, ...invited.data }} institutions={[]} keep={keep === "yes"} to={to} onMade={setMade} />}
      {open.data && open.data.length > 0 && <RegisterForm invitation={undefined} institutions={open.data} keep={keep === "yes"} to={to} onMade={setMade} />}
    </Frame>
  );
}

interface RegisterFormProps {
  invitation: (Invitation & { token: string }) | undefined;
  institutions: readonly InstitutionName[];
  keep: boolean;
  to: string | undefined;
  onMade: (made: { status: Registered["status"]; guardian: string }) => void;
}

/** Only what is filled in is sent. */
function filled(body: Registration): Registration {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== false)) as unknown as Registration;
}

function RegisterForm({ invitation, institutions, keep, to, onMade }: RegisterFormProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const goOn = useGoOn(to);
  const toast = useToasts((state) => state.add);
  // What the server asked for beyond what this page would: once asked for, a field stays.
  const [demanded, setDemanded] = useState<readonly string[]>([]);
  const asksBirth = (institution: string) =>
    demanded.includes("birth_date") || (invitation ? invitation.role === "student" : institutions.find((known) => known.id === institution)?.kind === "k12");
  const asksGuardian = (birthDate: string) => offers.guardians && (demanded.includes("guardian_email") || (ageOn(birthDate, new Date()) ?? ALWAYS_ASKS_GUARDIAN) < ALWAYS_ASKS_GUARDIAN);
  const { values, text, tick, form, failure, busy } = useForm({
    initial: {
      given_name: invitation?.given_name ?? "",
      family_name: invitation?.family_name ?? "",
      email: invitation?.email ?? "",
      password: "",
      institution_id: institutions[0]?.id ?? "",
      birth_date: "",
      guardian_email: "",
      keep_guest_work: keep,
    },
    check: (given) => ({
      ...(given.given_name.trim() ? {} : { given_name: t("form.nameNeeded") }),
      ...(given.email.includes("@") ? {} : { email: t("form.emailNeeded") }),
      ...(Array.from(given.password).length < LEAST_LENGTH ? { password: t("errors.fields.too_short") } : {}),
      ...(asksBirth(given.institution_id) && ageOn(given.birth_date, new Date()) === undefined ? { birth_date: t("form.birthNeeded") } : {}),
      ...(asksGuardian(given.birth_date) && !given.guardian_email.includes("@") ? { guardian_email: t("form.guardianNeeded") } : {}),
    }),
    submit: async ({ institution_id, ...given }) => {
      const where = invitation ? { invitation: invitation.token } : { institution_id };
      const { status, session } = await register(filled({ ...given, email: given.email.trim(), ...where, locale: language })).catch((error: unknown) => {
        if (error instanceof Problem) setDemanded((error.body.errors ?? []).flatMap(({ field }) => field ?? []));
        throw error;
      });
      if (given.keep_guest_work) workMoves();
      if (session) keeper.adopt(session);
      if (status === "active" && session) {
        if (session.user.user?.email_verified === false) toast({ text: t("account.verificationSent", { email: given.email.trim() }) });
        goOn();
      } else onMade({ status, guardian: given.guardian_email.trim() });
    },
  });
  return (
    <form {...form} className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...text("given_name")} label={t("form.givenName")} autoComplete="given-name" maxLength={100} required />
        <TextField {...text("family_name")} label={t("form.familyName")} autoComplete="family-name" maxLength={100} />
      </div>
      <TextField
        {...text("email")}
        label={t("form.email")}
        type="email"
        autoComplete="username"
        maxLength={254}
        required
        readOnly={invitation !== undefined}
        hint={invitation ? t("register.emailFixed") : undefined}
      />
      <NewPasswordField {...text("password")} label={t("form.newPassword")} known={[values.given_name, values.family_name, values.email]} />
      {institutions.length > 1 && (
        <SelectField {...text("institution_id")} label={t("register.institution")} options={institutions.map(({ id, name }) => ({ value: id, label: name }))} />
      )}
      {institutions.length === 1 && <p className="text-muted">{t("register.at", { name: institutions[0]?.name })}</p>}
      {asksBirth(values.institution_id) && <TextField {...text("birth_date")} label={t("form.birthDate")} type="date" autoComplete="bday" hint={t("register.birthWhy")} />}
      {asksGuardian(values.birth_date) && <TextField {...text("guardian_email")} label={t("form.guardianEmail")} type="email" autoComplete="off" maxLength={254} hint={t("register.guardianWhy")} />}
      {keep && <Tick {...tick("keep_guest_work")} label={t("signIn.keep")} />}
      <FormFailure text={failure} />
      <SendButton busy={busy} className="justify-self-start max-sm:w-full">
        {t("register.submit")}
      </SendButton>
    </form>
  );
}

/** What happens next, when the account is not open at once. */
function Made({ status, guardian, to }: { status: Registered["status"]; guardian: string; to: string | undefined }) {
  const { t } = useTranslation();
  const waits = status === "waiting_for_guardian";
  return (
    <Frame title={waits ? t("register.waitingTitle") : t("register.readyTitle")}>
      <div role="status" className="grid justify-items-start gap-4 text-lg">
        {waits && <Letter />}
        <p>{!waits ? t("register.ready") : guardian ? t("register.waiting", { email: guardian }) : t("register.waitingSchool")}</p>
        {waits && guardian && <p className="text-base text-muted">{t("register.letterHint")}</p>}
        <Link to="/sign-in" search={to ? { to } : {}} className="btn">
          {t("signIn.submit")}
        </Link>
      </div>
    </Frame>
  );
}
