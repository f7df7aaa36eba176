import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CATEGORIES, type Disclosure, type User } from "@/api/account-types";
import { disclosuresKey, disclosuresQuery, recordDisclosure, userQuery } from "@/api/school";
import { formatDate } from "@/lib/format";
import { fullName } from "@/lib/initials";
import { useSettings } from "@/lib/settings";
import { capital, formatList } from "@/lib/words";
import { may, useSession } from "@/session/session";
import { FormFailure, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { PersonField } from "./person-field";

/** What was told about whom to others outside of the school: FERPA, 34 CFR § 99.32, and the GDPR's Article 15(1)(c) ask for it. */
export function Disclosures() {
  const { t } = useTranslation();
  const disclosures = useInfiniteQuery(disclosuresQuery);
  const editable = useSession((state) => may(state.me, "privacy.update"));
  const list = disclosures.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHead title={t("school.disclosures")} lead={t("disclosures.lead")} />
      {editable && <Recorder />}
      <Loaded query={{ ...disclosures, data: list }} waiting={t("disclosures.looking")}>
        {(found) =>
          found.length === 0 ? (
            <p className="max-w-4xl border-y border-line py-6 text-muted">{t("disclosures.none")}</p>
          ) : (
            <ol className="max-w-4xl divide-y divide-line border-y border-line">
              {found.map((disclosure) => (
                <Told key={disclosure.id} disclosure={disclosure} />
              ))}
            </ol>
          )
        }
      </Loaded>
      {disclosures.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={disclosures.isFetchingNextPage} onClick={() => void disclosures.fetchNextPage()}>
          {t("school.more")}
        </button>
      )}
    </>
  );
}

function Told({ disclosure }: { disclosure: Disclosure }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  // Somebody whose account was erased has no name any more.
  const { data: person } = useQuery(userQuery(disclosure.person_id));
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 md:grid-cols-[14rem_minmax(0,1fr)]">
      <div>
        <strong className="text-lg">{person ? fullName(person) : `…${disclosure.person_id.slice(-8)}`}</strong>
        <time className="nums block text-sm text-muted" dateTime={disclosure.disclosed_at}>
          {formatDate(disclosure.disclosed_at, language)}
        </time>
      </div>
      <div className="wrap-anywhere">
        <p>
          <strong>{t("disclosures.to", { recipient: disclosure.recipient })}</strong> {disclosure.purpose}
        </p>
        <p className="text-sm text-muted">
          {capital(formatList(disclosure.categories.map((category) => t(`data.categories.${category}` as "data.categories.profile")), language))} · {disclosure.legal_basis}
        </p>
      </div>
    </li>
  );
}

/** Writes down what was told by letter or telephone: what the program itself tells others, it writes down by itself. */
function Recorder() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const [person, setPerson] = useState<User>();
  const [chosen, setChosen] = useState<readonly (typeof CATEGORIES)[number][]>([]);
  const { text, form, failure, busy, setValues } = useForm({
    initial: { person_id: "", recipient: "", purpose: "", legal_basis: "", categories: "" },
    check: (values) => ({
      ...(person ? {} : { person_id: t("disclosures.personNeeded") }),
      ...Object.fromEntries((["recipient", "purpose", "legal_basis"] as const).filter((name) => !values[name].trim()).map((name) => [name, t("errors.fields.missing")])),
      ...(chosen.length > 0 ? {} : { categories: t("disclosures.categoriesNeeded") }),
    }),
    submit: async ({ recipient, purpose, legal_basis }) => {
      if (!person) return;
      await recordDisclosure({ person_id: person.id, recipient: recipient.trim(), purpose: purpose.trim(), legal_basis: legal_basis.trim(), categories: [...chosen] });
      toast({ text: t("disclosures.recorded"), life: 6000 });
      setPerson(undefined);
      setChosen([]);
      setValues({ person_id: "", recipient: "", purpose: "", legal_basis: "", categories: "" });
      await queries.invalidateQueries({ queryKey: disclosuresKey });
    },
  });
  const toggle = (category: (typeof CATEGORIES)[number], on: boolean) => setChosen((before) => (on ? [...before, category] : before.filter((other) => other !== category)));
  const categories = text("categories");
  return (
    <Block title={t("disclosures.record")} lead={t("disclosures.recordLead")}>
      <form {...form} className="grid max-w-4xl gap-4">
        <PersonField field={text("person_id")} person={person} onPerson={setPerson} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField {...text("recipient")} label={t("disclosures.recipient")} hint={t("disclosures.recipientHint")} maxLength={200} />
          <TextField {...text("legal_basis")} label={t("disclosures.basis")} hint={t("disclosures.basisHint")} maxLength={200} />
        </div>
        <TextField {...text("purpose")} label={t("disclosures.purpose")} maxLength={500} />
        <fieldset>
          <legend className="text-[0.95rem] font-bold">{t("disclosures.categories")}</legend>
          <div className="grid gap-x-6 sm:grid-cols-2">
            {CATEGORIES.map((category, i) => (
              <Tick
                key={category}
                id={`${categories.id}-${category}`}
                name="categories"
                error={i === 0 ? categories.error : undefined}
                label={capital(t(`data.categories.${category}`))}
                checked={chosen.includes(category)}
                onChecked={(on) => toggle(category, on)}
              />
            ))}
          </div>
        </fieldset>
        <FormFailure text={failure} />
        <SendButton busy={busy} className="justify-self-start">
          {t("disclosures.write")}
        </SendButton>
      </form>
    </Block>
  );
}
