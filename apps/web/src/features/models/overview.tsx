import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ModelPrivacy, ModelProvider, NamedModel, NamedTarget } from "@/api/model-types";
import { namedQuery, privacyQuery, providers } from "@/api/models";
import { formatWait } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { formatList } from "@/lib/words";
import { Icon, type IconName } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge, Block } from "@/ui/page";
import { formatDollars } from "./figures";
import { House } from "./house";
import { OriginBadge } from "./parts";
import { useTaskNames } from "./tasks";
import { withoutLongNames } from "./way";

/** What stands in the house and what outside, what may leave, and who can be asked. */
export function Overview() {
  const { t } = useTranslation();
  const privacy = useQuery(privacyQuery);
  const known = useQuery(providers.query);
  return (
    <Loaded query={privacy} waiting={t("house.looking")}>
      {(data) => (
        <>
          <House privacy={data} providers={known.data ?? []} />
          {data.providers.length === 0 && <Begin privacy={data} />}
          <Rules privacy={data} />
          {data.providers.length > 0 && <Names providers={known.data ?? []} />}
        </>
      )}
    </Loaded>
  );
}

/** What can be done so that there is a model, and that nothing has to be. */
function Begin({ privacy }: { privacy: ModelPrivacy }) {
  const { t } = useTranslation();
  return (
    <Block title={t("house.begin")} lead={t("house.beginLead")}>
      <div className="grid max-w-5xl gap-4 md:grid-cols-2">
        <div className="card grid content-start gap-2 p-5">
          <h3 className="flex items-center gap-2 text-xl">
            <Icon name="school" />
            {t("house.beginLocal")}
          </h3>
          <p>{t("house.beginLocalText")}</p>
          <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 text-sm" tabIndex={0} aria-label="ollama">
            ollama serve{"\n"}ollama pull llama3.2
          </pre>
        </div>
        <div className="card grid content-start gap-2 p-5">
          <h3 className="flex items-center gap-2 text-xl">
            <Icon name="share" />
            {t("house.beginCloud")}
          </h3>
          <p>{t("house.beginCloudText")}</p>
          {!privacy.cloud_models && <p className="font-semibold text-signal">{t("house.beginCloudStrict")}</p>}
          <Link to="/school/models/$page" params={{ page: "providers" }} className="btn btn-solid justify-self-start">
            {t("house.toProviders")}
          </Link>
        </div>
      </div>
    </Block>
  );
}

/** What the privacy level makes hold, in words. */
function Rules({ privacy }: { privacy: ModelPrivacy }) {
  const { t } = useTranslation();
  const cloud = privacy.cloud_models;
  const rules: [IconName, string][] = [
    [cloud ? "check" : "close", t(cloud ? "house.rule.cloud_yes" : "house.rule.cloud_no")],
    ...(cloud
      ? ([
          ["file", t(privacy.agreement_needed ? "house.rule.agreement_yes" : "house.rule.agreement_no")],
          ["shield", t(privacy.personal_replaced ? "house.rule.personal_yes" : "house.rule.personal_no")],
          ["person", `${t(privacy.consent_needed ? "house.rule.consent_yes" : "house.rule.consent_no")}${privacy.consent_needed ? ` (${t("house.agreed", { count: privacy.agreed_people })})` : ""}`],
        ] as [IconName, string][])
      : []),
    [privacy.log_prompts ? "keep" : "eyeOff", t(privacy.log_prompts ? "house.rule.log_yes" : "house.rule.log_no")],
  ];
  return (
    <Block title={t("house.rules")}>
      <ul className="grid max-w-5xl gap-x-8 gap-y-2 md:grid-cols-2">
        {rules.map(([icon, text]) => (
          <li key={text} className="flex items-start gap-3">
            <Icon name={icon} className="mt-0.5 size-5" />
            {text}
          </li>
        ))}
      </ul>
    </Block>
  );
}

function Names({ providers: known }: { providers: readonly ModelProvider[] }) {
  const { t } = useTranslation();
  const named = useQuery(namedQuery);
  const unused = named.data?.every(({ tasks }) => tasks.length === 0);
  return (
    <Block title={t("house.names")} lead={`${t("house.namesLead")} ${t("house.namesLong")}`}>
      {unused && <Unused />}
      <Loaded query={named} waiting={t("house.looking")}>
        {(items) =>
          items.length === 0 ? (
            <p className="text-muted">{t("house.namesNone")}</p>
          ) : (
            <ul className="max-w-5xl divide-y divide-line border-y border-line">
              {withoutLongNames(items).map((item) => (
                <Name key={item.name} item={item} known={known} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Block>
  );
}

/** Without a route for them the platform's own questions go nowhere, whatever can be asked. */
function Unused() {
  const { t } = useTranslation();
  return (
    <p className="mb-4 flex max-w-5xl flex-wrap items-center gap-x-4 gap-y-1 rounded-lg bg-signal-soft px-4 py-2">
      <span className="flex items-start gap-2 font-semibold">
        <Icon name="pause" className="mt-0.5 size-5" />
        {t("house.unused")}
      </span>
      <Link to="/school/models/$page" params={{ page: "routes" }} className="link flex min-h-11 items-center">
        {t("house.toRoutes")}
      </Link>
    </p>
  );
}

function Name({ item, known }: { item: NamedModel; known: readonly ModelProvider[] }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const taskNames = useTaskNames();
  const targets = item.targets.toSorted((a, b) => a.order - b.order);
  const notes = [...(item.tasks.length > 0 ? [t("house.tasks", { tasks: formatList(taskNames(item.tasks), language) })] : []), ...(item.cache_seconds > 0 ? [t("house.kept", { time: formatWait(item.cache_seconds, language) })] : [])];
  return (
    <li className="grid gap-x-6 gap-y-2 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]">
      <div>
        <div className="flex flex-wrap items-center gap-2">
          <code className="text-lg font-bold wrap-anywhere">{item.name}</code>
          <OriginBadge origin={item.origin} />
        </div>
        {notes.length > 0 && <p className="text-sm text-muted">{notes.join(" · ")}</p>}
      </div>
      <ol className="grid gap-1.5">
        {targets.map((target, i) => (
          <Answerer key={`${target.provider} ${target.model} ${i}`} target={target} free={known.some(({ name, dialect }) => name === target.provider && dialect === "ollama")} />
        ))}
      </ol>
    </li>
  );
}

function Answerer({ target, free }: { target: NamedTarget; free: boolean }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { price } = target;
  const costs = price && (Number(price.input) > 0 || Number(price.output) > 0);
  const cost = costs ? t("house.priced", { input: formatDollars(price.input, language), output: formatDollars(price.output, language) }) : t(price || free || target.local ? "house.free" : "house.unpriced");
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="wrap-anywhere">
        <strong>{target.provider}</strong> {target.model}
      </span>
      <Badge tone={target.reachable === "open" ? "good" : target.reachable === "resting" ? "signal" : "plain"}>{t(`models.reach.${target.reachable}`)}</Badge>
      <span className="text-sm text-muted">
        {t(target.local ? "models.inside" : "models.outside")} · {cost}
      </span>
    </li>
  );
}
