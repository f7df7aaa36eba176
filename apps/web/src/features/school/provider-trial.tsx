import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import type { ProviderTrial as Trial } from "@/api/account-types";
import { tryProvider } from "@/api/school";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { Badge } from "@/ui/page";

/** Troubles of which the provider's own words say more than ours. */
const TOLD: readonly string[] = ["other_issuer", "unusable"];

/** Tries a provider without anybody signing in, and tells step by step how it went. */
export function ProviderTrial({ id }: { id: string }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const [trial, setTrial] = useState<Trial>();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setTrial(undefined);
    setFailure(undefined);
    try {
      setTrial(await tryProvider(id));
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="mb-6 grid max-w-2xl gap-3">
      <button type="button" className="btn justify-self-start" aria-disabled={busy} onClick={() => void (busy || run())}>
        <Icon name="check" />
        {busy ? t("signOn.testing") : t("signOn.test")}
      </button>
      <FormFailure text={failure} />
      <div role="status" className="grid gap-2">
        {trial && (
          <ul className="grid gap-2">
            {trial.steps.map(({ step, good, code, detail }) => (
              <li key={step} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                <Badge tone={good ? "good" : "bad"}>{good ? t("signOn.good") : t("signOn.bad")}</Badge>
                <span>{t(`signOn.steps.${step}`)}</span>
                {code && (
                  <span className="basis-full wrap-anywhere">
                    {t(`signOn.troubles.${code}`)} {TOLD.includes(code) && <span lang="en">{detail}</span>}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
        {trial?.works && <p className="font-semibold">{t("signOn.works")}</p>}
      </div>
    </div>
  );
}
