import { useTranslation } from "react-i18next";
import { readDomains } from "@/lib/domains";
import { may, useSession } from "@/session/session";
import { FormFailure, SelectField, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Block } from "@/ui/page";
import type { PartProps } from "./settings";

const HOURS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const FILTERS = ["strict", "moderate"] as const;

/** What the school has settled for everybody: who may come in, who is asked first, how long a class stays. */
export function Rules({ institution, save }: PartProps) {
  const { t } = useTranslation();
  const editable = useSession((state) => may(state.me, "settings.update"));
  const { settings } = institution;
  const { values, text, tick, form, failure, busy } = useForm({
    initial: {
      guardian_consent: settings.guardian_consent,
      open_registration: settings.open_registration,
      visitors: settings.visitors,
      email_domains: settings.email_domains.join(" "),
      classroom_token_hours: String(settings.classroom_token_hours),
      session_minutes: String(settings.session_minutes),
      content_filter: settings.content_filter,
      log_prompts: settings.log_prompts,
    },
    check: ({ session_minutes }) => (/^\d+$/.test(session_minutes) && Number(session_minutes) >= 5 && Number(session_minutes) <= 480 ? {} : { session_minutes: t("rules.minutesWrong") }),
    submit: ({ email_domains, classroom_token_hours, session_minutes, content_filter, ...ticks }) =>
      save({
        settings: {
          ...ticks,
          email_domains: readDomains(email_domains),
          classroom_token_hours: Number(classroom_token_hours),
          session_minutes: Number(session_minutes),
          content_filter: content_filter === "moderate" ? "moderate" : "strict",
        },
      }),
  });
  return (
    <Block title={t("rules.heading")} lead={t("rules.lead")}>
      <form {...form}>
        <fieldset disabled={!editable} className="grid max-w-2xl gap-3">
          <Tick {...tick("guardian_consent")} label={t("rules.guardian_consent")} />
          <Tick {...tick("visitors")} label={t("rules.visitors")} />
          <Tick {...tick("open_registration")} label={t("rules.open_registration")} />
          {values.open_registration && <TextField {...text("email_domains")} label={t("rules.email_domains")} hint={t("rules.email_domainsHint")} placeholder="school.example" autoComplete="off" />}
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField
              {...text("classroom_token_hours")}
              label={t("rules.classroom_token_hours")}
              options={HOURS.map((hours) => ({ value: String(hours), label: hours === 0 ? t("rules.half") : t("rules.hours", { count: hours }) }))}
            />
            <TextField {...text("session_minutes")} label={t("rules.session_minutes")} inputMode="numeric" autoComplete="off" maxLength={3} />
            <SelectField {...text("content_filter")} label={t("rules.content_filter")} options={FILTERS.map((value) => ({ value, label: t(`rules.filters.${value}`) }))} />
          </div>
          <Tick {...tick("log_prompts")} label={t("rules.log_prompts")} />
          <FormFailure text={failure} />
          {editable && (
            <SendButton busy={busy} className="justify-self-start">
              {t("form.save")}
            </SendButton>
          )}
        </fieldset>
      </form>
    </Block>
  );
}
