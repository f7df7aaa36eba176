import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Switch } from "radix-ui";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { consentsQuery, setConsent } from "@/api/account";
import type { Consent } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { formatDate } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Loaded } from "@/ui/loaded";
import { PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** What the person allows and does not: one switch a purpose, which can be turned back at any time. */
export function ConsentPage() {
  const { t } = useTranslation();
  const consents = useQuery(consentsQuery);
  return (
    <>
      <PageHead title={t("account.consent")} lead={t("consent.lead")} />
      <Loaded query={consents} waiting={t("consent.looking")}>
        {(list) => (
          <ul className="grid max-w-3xl gap-4">
            {list.map((consent) => (
              <Purpose key={consent.purpose} consent={consent} />
            ))}
            {list.length === 0 && <li className="text-muted">{t("consent.none")}</li>}
          </ul>
        )}
      </Loaded>
    </>
  );
}

function Purpose({ consent }: { consent: Consent }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const language = useSettings((state) => state.language);
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const id = useId();
  const [busy, setBusy] = useState(false);
  const { decided } = consent;
  const name = consent.title[language];
  const change = async (granted: boolean) => {
    setBusy(true);
    try {
      await setConsent(consent.purpose, { granted, version: consent.version });
      toast({ text: granted ? t("consent.nowGranted", { name }) : t("consent.nowWithdrawn", { name }), life: 5000 });
    } catch (error) {
      toast({ text: explain(error) });
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: consentsQuery.queryKey });
    }
  };
  const by = decided && decided.given_by !== "self" ? t(`guardian.by.${decided.given_by}` as "guardian.by.mother", { defaultValue: decided.given_by }) : undefined;
  const state = [
    !decided ? (consent.mode === "opt_out" ? t("consent.untilObjection") : t("consent.neverAsked")) : decided.granted ? t("consent.granted") : t("consent.withdrawn"),
    decided && formatDate(decided.at, language),
    by && t("consent.by", { name: by }),
    t("consent.version", { version: decided?.version ?? consent.version }),
  ];
  return (
    <li className="card grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-5 gap-y-2 p-4 sm:p-5">
      <h2 id={`${id}-name`} className="self-center text-xl">
        {name}
      </h2>
      <Switch.Root
        className="switch"
        checked={consent.allowed}
        disabled={busy || !consent.own_decision}
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-text`}
        onCheckedChange={(granted) => void change(granted)}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <p id={`${id}-text`} className="col-span-2 max-w-[60ch]">
        {consent.text[language]}
      </p>
      {!consent.own_decision && <p className="col-span-2 font-semibold">{t("consent.guardianDecides")}</p>}
      {decided && decided.version !== consent.version && <p className="col-span-2 font-semibold text-signal">{t("consent.newWording")}</p>}
      <p className="col-span-2 text-sm text-muted">{state.filter(Boolean).join(" · ")}</p>
    </li>
  );
}
