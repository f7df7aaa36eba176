import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LICENCES, type Licence } from "@/api/types";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import type { Waiting } from "./desk";
import { formatBytes } from "./files";
import { WHOSE } from "./use-loan";

interface LicencePanelProps {
  waiting: readonly Waiting[];
  onUnstage: (key: number) => void;
  onBring: (licence: Licence, credit: string) => void;
}

/** Asks, before anything is sent, by which right the files may be changed, and who is to be named. */
export function LicencePanel({ waiting, onUnstage, onBring }: LicencePanelProps) {
  const { t } = useTranslation();
  const [licence, setLicence] = useState<Licence>();
  const [credit, setCredit] = useState("");
  const [asked, setAsked] = useState(false);
  const panel = useRef<HTMLFieldSetElement>(null);
  const heading = useRef<HTMLLegendElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const ids = { problem: useId(), credit: useId() };

  // Whoever chose a file by keyboard goes on here; the page moves only where the question is out of sight.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, []);

  const needed = licence === "open_licence" && credit.trim() === "";
  const problem = !asked ? undefined : licence === undefined ? t("sources.choiceNeeded") : needed ? t("sources.creditNeeded") : undefined;
  const bring = () => {
    setAsked(true);
    if (licence === undefined) heading.current?.focus();
    else if (needed) field.current?.focus();
    else onBring(licence, credit.trim());
  };
  const [only] = waiting;

  return (
    <fieldset
      ref={panel}
      className="card grid scroll-my-4 min-w-0 gap-4 border-2 border-ink p-4 sm:p-5"
      aria-describedby={problem ? ids.problem : undefined}
      onKeyDown={(event) => {
        // Enter here answers the question; it does not send the sentence.
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        bring();
      }}
    >
      <legend ref={heading} id={WHOSE} tabIndex={-1} className="display float-left text-xl outline-none">
        {t("sources.whose", { count: waiting.length, name: only?.file.name ?? "" })}
      </legend>
      <div className="clear-both -mt-3 grid gap-1 text-muted">
        <p>{t("sources.whoseHint")}</p>
        {waiting.length > 1 && <Names waiting={waiting} onUnstage={onUnstage} />}
      </div>
      <div className="grid gap-2 sm:grid-cols-2">
        {LICENCES.map((known) => (
          <label
            key={known}
            className="flex min-h-11 items-start gap-3 rounded-lg border-[1.5px] border-edge bg-surface px-3 py-2 hover:border-ink has-checked:border-ink has-checked:bg-accent-soft has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input type="radio" name="licence" className="mt-1 size-5 shrink-0 accent-accent outline-none" value={known} checked={licence === known} onChange={() => setLicence(known)} />
            <span className="leading-snug">
              <span className="block font-bold">{t(`sources.licences.${known}`)}</span>
              <span className="block text-sm">{t(`sources.licenceHints.${known}`)}</span>
            </span>
          </label>
        ))}
      </div>
      {licence !== undefined && (
        <div className="grid gap-1">
          <label htmlFor={ids.credit} className="eyebrow">
            {licence === "open_licence" ? t("sources.credit") : t("sources.creditOptional")}
          </label>
          <input
            ref={field}
            id={ids.credit}
            className="field"
            maxLength={300}
            required={licence === "open_licence"}
            aria-invalid={asked && needed}
            aria-describedby={problem ? ids.problem : undefined}
            placeholder={t("sources.creditExample")}
            value={credit}
            onChange={(event) => setCredit(event.target.value)}
          />
        </div>
      )}
      {problem && (
        <p id={ids.problem} role="alert" className="font-semibold text-bad">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="button" className="btn btn-solid" onClick={bring}>
          {t("sources.bring")}
        </button>
        {waiting.length === 1 && only && (
          <button type="button" className="btn btn-quiet" onClick={() => onUnstage(only.key)}>
            {t("home.cancel")}
          </button>
        )}
        <span className="text-sm text-muted">{t("sources.nothingSent")}</span>
      </div>
    </fieldset>
  );
}

function Names({ waiting, onUnstage }: Pick<LicencePanelProps, "waiting" | "onUnstage">) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (
    <>
      <p>{t("sources.apart")}</p>
      <ul className="mt-1 grid text-ink">
        {waiting.map(({ key, file }) => (
          <li key={key} className="flex items-center gap-2">
            <span className="min-w-0 truncate font-semibold">{file.name}</span>
            <span className="nums mr-auto whitespace-nowrap text-sm text-muted">{formatBytes(file.size, language)}</span>
            <button type="button" className="btn btn-quiet btn-icon" aria-label={t("sources.dismiss", { name: file.name })} onClick={() => onUnstage(key)}>
              <Icon name="close" className="size-4" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
