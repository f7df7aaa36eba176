import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { INSTITUTION_KINDS, type Institution, PRIVACY_LEVELS, type PrivacyLevel } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { changeInstitution, institutionKey, institutionQuery } from "@/api/school";
import { useSettings } from "@/lib/settings";
import { may, useSession } from "@/session/session";
import { FormFailure, SelectField, SendButton, TextField } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { countryOptions } from "./countries";
import { PrivacyPicture } from "./privacy-picture";
import { Rules } from "./rules";

/** What the school is, and how much of what is in it may leave it. */
export function SchoolSettings() {
  const { t } = useTranslation();
  const institution = useQuery(institutionQuery);
  const save = useSave(institution.data?.version ?? 0);
  return (
    <>
      <PageHead title={t("school.settings")} />
      <Loaded query={institution} waiting={t("settingsPage.looking")}>
        {(data) => (
          <>
            <Identity key={`identity-${data.version}`} institution={data} save={save} />
            <Privacy key={`privacy-${data.version}`} institution={data} save={save} />
            <Rules key={`rules-${data.version}`} institution={data} save={save} />
          </>
        )}
      </Loaded>
    </>
  );
}

export type Save = (change: Parameters<typeof changeInstitution>[1]) => Promise<void>;

export interface PartProps {
  institution: Institution;
  save: Save;
}

/** Keeps a change, and what came of it. */
function useSave(version: number): Save {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  return async (change) => {
    queries.setQueryData(institutionKey, await changeInstitution(version, change));
    toast({ text: t("account.saved"), life: 4000 });
  };
}

function Identity({ institution, save }: PartProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const editable = useSession((state) => may(state.me, "settings.update"));
  const { text, form, failure, busy } = useForm({
    initial: { name: institution.name, kind: institution.kind, country: institution.country },
    check: ({ name }) => (name.trim() ? {} : { name: t("form.nameNeeded") }),
    submit: ({ name, kind, country }) => save({ name: name.trim(), kind, country }),
  });
  return (
    <form {...form} className="mb-10">
      <fieldset disabled={!editable} className="grid max-w-2xl gap-4">
        <TextField {...text("name")} label={t("settingsPage.name")} maxLength={200} autoComplete="organization" />
        <SelectField {...text("kind")} label={t("settingsPage.kind")} options={INSTITUTION_KINDS.map((value) => ({ value, label: t(`settingsPage.kinds.${value}`) }))} hint={t("settingsPage.kindHint")} />
        <SelectField {...text("country")} label={t("settingsPage.country")} options={countryOptions(language, institution.country)} hint={t("settingsPage.countryHint")} autoComplete="country" />
        <FormFailure text={failure} />
        {editable && (
          <SendButton busy={busy} className="justify-self-start">
            {t("form.save")}
          </SendButton>
        )}
      </fieldset>
    </form>
  );
}

function Privacy({ institution, save }: PartProps) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const editable = useSession((state) => may(state.me, "settings.update"));
  const [level, setLevel] = useState<PrivacyLevel>(institution.privacy);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const keep = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await save({ privacy: level });
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Block title={t("privacy.heading")} lead={t("privacy.lead")}>
      <div className="grid gap-6">
        <fieldset disabled={!editable} className="grid gap-2 md:grid-cols-3">
          <legend className="sr-only">{t("privacy.heading")}</legend>
          {PRIVACY_LEVELS.map((known) => (
            <label
              key={known}
              className="flex min-h-11 items-start gap-3 rounded-lg border-[1.5px] border-edge bg-surface px-4 py-3 hover:border-ink has-checked:border-ink has-checked:bg-accent-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input type="radio" name="privacy" className="mt-1 size-5 shrink-0 accent-accent outline-none" value={known} checked={level === known} onChange={() => setLevel(known)} />
              <span className="leading-snug">
                <span className="block text-lg font-bold">{t(`privacy.levels.${known}`)}</span>
                <span className="block">{t(`privacy.texts.${known}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <PrivacyPicture level={level} />
        <FormFailure text={failure} />
        {editable && (
          <button type="button" className="btn btn-solid min-h-12 justify-self-start px-6 text-lg" disabled={busy || level === institution.privacy} onClick={() => void keep()}>
            {level === institution.privacy ? t("privacy.inForce") : t("privacy.use", { level: t(`privacy.levels.${level}`) })}
          </button>
        )}
      </div>
    </Block>
  );
}
