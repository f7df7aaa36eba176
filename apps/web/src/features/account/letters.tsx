import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerAsGuardian, forgotPassword, guardianQuery, resetPassword, verifyEmail } from "@/api/account";
import { type Consent, RELATIONS, type Relation } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { Problem } from "@/api/problem";
import { useToken } from "@/lib/letters";
import { LEAST_LENGTH } from "@/lib/password";
import { useSettings } from "@/lib/settings";
import { useSession } from "@/session/session";
import { FormFailure, SelectField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { NewPasswordField } from "@/ui/form/new-password";
import { useForm } from "@/ui/form/use-form";
import { Frame } from "./frame";
import { Letter } from "./letter";

/** Asks for a letter with which a new password can be set. Whether there is such an account is not told to anybody. */
export function ForgotPassword() {
  const { t } = useTranslation();
  const [sent, setSent] = useState<string>();
  const { text, form, failure, busy } = useForm({
    initial: { email: "" },
    check: ({ email }) => (email.includes("@") ? {} : { email: t("form.emailNeeded") }),
    submit: async ({ email }) => {
      await forgotPassword(email.trim());
      setSent(email.trim());
    },
  });
  return (
    <Frame
      title={sent ? t("letters.sentTitle") : t("letters.forgotTitle")}
      lead={sent ? undefined : t("letters.forgotLead")}
      after={
        <Link to="/sign-in" className="link inline-flex min-h-11 items-center">
          {t("letters.backToSignIn")}
        </Link>
      }
    >
      {sent ? (
        <div role="status" className="grid gap-4 text-lg">
          <Letter />
          <p>{t("letters.sent", { email: sent })}</p>
          <p className="text-base text-muted">{t("register.letterHint")}</p>
        </div>
      ) : (
        <form {...form} className="grid gap-4">
          <TextField {...text("email")} label={t("form.email")} type="email" autoComplete="username" required autoFocus />
          <FormFailure text={failure} />
          <SendButton busy={busy} className="justify-self-start">
            {t("letters.send")}
          </SendButton>
        </form>
      )}
    </Frame>
  );
}

/** Sets a new password by the letter whose link was followed. Every device is signed out by it. */
export function ResetPassword() {
  const { t } = useTranslation();
  const token = useToken();
  const [done, setDone] = useState(false);
  const { text, form, failure, busy } = useForm({
    initial: { password: "" },
    check: ({ password }) => (Array.from(password).length < LEAST_LENGTH ? { password: t("errors.fields.too_short") } : {}),
    submit: async ({ password }) => {
      await resetPassword({ token, password });
      setDone(true);
    },
  });
  return (
    <Frame title={done ? t("letters.resetDone") : t("letters.resetTitle")} lead={done ? undefined : t("letters.resetLead")}>
      {done ? (
        <div role="status" className="grid justify-items-start gap-4 text-lg">
          <p>{t("letters.resetDoneText")}</p>
          <Link to="/sign-in" className="btn btn-solid">
            {t("signIn.submit")}
          </Link>
        </div>
      ) : (
        <form {...form} className="grid gap-4">
          {/* Lets password managers know whose password this is to be, although the letter alone knows. */}
          <input type="text" name="username" autoComplete="username" className="hidden" tabIndex={-1} readOnly aria-hidden="true" />
          <NewPasswordField {...text("password")} label={t("form.newPassword")} />
          <FormFailure text={failure} />
          <div className="flex flex-wrap items-center gap-4">
            <SendButton busy={busy}>{t("letters.resetSubmit")}</SendButton>
            {failure && (
              <Link to="/forgot-password" className="link inline-flex min-h-11 items-center">
                {t("letters.another")}
              </Link>
            )}
          </div>
        </form>
      )}
    </Frame>
  );
}

/** Confirms an address by the letter whose link was followed: at a press, because programs that read mail follow links too. */
export function VerifyEmail() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const token = useToken();
  const inside = useSession((state) => state.phase === "member");
  const [state, setState] = useState<"asked" | "busy" | "done" | { failure: string }>("asked");
  const confirm = async () => {
    setState("busy");
    try {
      await verifyEmail(token);
      setState("done");
    } catch (error) {
      setState({ failure: explain(error) });
    }
  };
  const done = state === "done";
  return (
    <Frame title={done ? t("letters.verifiedTitle") : t("letters.verifyTitle")} lead={done ? undefined : t("letters.verifyLead")}>
      <div className="grid justify-items-start gap-4 text-lg">
        {done ? (
          <p role="status">{inside ? t("letters.verifiedInside") : t("letters.verified")}</p>
        ) : (
          <button type="button" className="btn btn-solid min-h-12 px-6 text-lg" disabled={state === "busy"} onClick={() => void confirm()}>
            {t("letters.verify")}
          </button>
        )}
        {typeof state === "object" && <FormFailure text={state.failure} />}
        {done && (
          <Link to={inside ? "/" : "/sign-in"} className="btn btn-solid">
            {inside ? t("app.toHome") : t("signIn.submit")}
          </Link>
        )}
      </div>
    </Frame>
  );
}

/** The page of a child's parent or guardian, who needs no account: what is asked, and yes or no. */
export function GuardianPage() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const token = useToken();
  const letter = useQuery({ ...guardianQuery(token), enabled: token !== "" });
  const [answer, setAnswer] = useState<"yes" | "no">();
  const title = letter.data ? t("guardian.title", { name: letter.data.child_name }) : t("guardian.titleUnknown");
  const gone = token === "" || (letter.error instanceof Problem && letter.error.status < 500 && letter.error.status > 0);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [answer]);
  if (answer)
    return (
      <Frame title={answer === "yes" ? t("guardian.thanks") : t("guardian.refused")}>
        <p role="status" className="text-lg">
          {answer === "yes" ? t("guardian.thanksText", { name: letter.data?.child_name }) : t("guardian.refusedText")}
        </p>
      </Frame>
    );
  return (
    <Frame title={title} lead={letter.data && t("guardian.lead", { school: letter.data.institution_name })}>
      {gone && <FormFailure text={t("guardian.gone")} />}
      {!gone && letter.error && <FormFailure text={explain(letter.error)} />}
      {letter.isFetching && <p role="status">{t("guardian.looking")}</p>}
      {letter.data && (
        <GuardianForm token={token} purposes={letter.data.purposes} onAnswer={setAnswer} />
      )}
    </Frame>
  );
}

interface GuardianFormProps {
  token: string;
  purposes: readonly Consent[];
  onAnswer: (answer: "yes" | "no") => void;
}

function GuardianForm({ token, purposes, onAnswer }: GuardianFormProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const [main, ...further] = purposes;
  // What holds until somebody objects begins ticked, what needs agreement begins empty.
  const [chosen, setChosen] = useState(() => new Set(further.filter(({ mode }) => mode === "opt_out").map(({ purpose }) => purpose)));
  const { text, form, failure, busy } = useForm({
    initial: { name: "", relation: "mother" },
    check: ({ name }) => (name.trim() ? {} : { name: t("form.nameNeeded") }),
    submit: async ({ name, relation }, pressed) => {
      const granted = pressed === "yes";
      await answerAsGuardian(token, { granted, name: name.trim(), relation: relation as Relation, purposes: granted ? [...chosen] : [] });
      onAnswer(granted ? "yes" : "no");
    },
  });
  const tick = (purpose: string, on: boolean) => setChosen((before) => new Set(on ? [...before, purpose] : [...before].filter((known) => known !== purpose)));
  return (
    <form {...form} className="grid gap-5">
      {main && (
        <div className="grid gap-0.5 border-l-4 border-accent pl-4">
          <strong className="text-lg">{main.title[language]}</strong>
          <span>{main.text[language]}</span>
        </div>
      )}
      {further.length > 0 && (
        <fieldset className="grid gap-1 border-t border-line pt-4">
          <legend className="sr-only">{t("guardian.further")}</legend>
          <p className="font-bold" aria-hidden="true">
            {t("guardian.further")}
          </p>
          {further.map(({ purpose, title, text: words }) => (
            <Tick
              key={purpose}
              id={`purpose-${purpose}`}
              name={purpose}
              error={undefined}
              checked={chosen.has(purpose)}
              onChecked={(on) => tick(purpose, on)}
              label={
                <>
                  <strong className="block">{title[language]}</strong>
                  <span className="text-muted">{words[language]}</span>
                </>
              }
            />
          ))}
        </fieldset>
      )}
      <div className="grid gap-4 border-t border-line pt-5">
        <TextField {...text("name")} label={t("guardian.name")} autoComplete="name" maxLength={200} />
        <SelectField {...text("relation")} label={t("guardian.relation")} options={RELATIONS.map((value) => ({ value, label: t(`guardian.relations.${value}`) }))} />
        <FormFailure text={failure} />
        <p className="text-sm text-muted">{t("guardian.withdraw")}</p>
        <div className="flex flex-wrap gap-3">
          {(["yes", "no"] as const).map((answer) => (
            <button key={answer} type="submit" value={answer} className={`btn min-h-12 px-6 text-lg ${answer === "yes" ? "btn-solid" : ""}`} disabled={busy}>
              {t(`guardian.${answer}`)}
            </button>
          ))}
        </div>
      </div>
    </form>
  );
}
