import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ModelPrivacy, ModelProvider, Reachable } from "@/api/model-types";
import { useSettings } from "@/lib/settings";
import { formatList } from "@/lib/words";
import { Icon, type IconName } from "@/ui/icons";

type Passage = "open" | "filtered" | "shut" | "resting";
type Standing = ModelPrivacy["providers"][number];

const LINES = [18, 23, 28, 33, 38] as const;
/** Where note heads stand on the way: what is told of a person before the filter, and what is left after it. */
const TOLD = [14, 30, 46] as const;
const LEFT = [104, 122] as const;

/** The way to a provider: a staff that runs through, through a filter, rests, or ends at a double bar. */
function Staff({ passage }: { passage: Passage }) {
  const colour = passage === "shut" || passage === "resting" ? "var(--edge)" : passage === "filtered" ? "var(--signal)" : "var(--accent)";
  return (
    <g fill="none">
      {LINES.map((y) => (
        <path key={y} d={`M0 ${y} H${passage === "shut" ? 66 : 150}`} stroke={colour} strokeWidth="1.500" strokeDasharray={passage === "resting" ? "5 5" : undefined} />
      ))}
      {passage === "shut" && <path d="M64 12v32M72 12v32" stroke="var(--ink)" strokeWidth="4" />}
      {passage === "resting" && <path d="M70 14l9 10-7 7 9 10c-9-3-13 1-8 7" stroke="var(--ink)" strokeWidth="3.500" strokeLinejoin="round" strokeLinecap="round" />}
      {passage !== "shut" && passage !== "resting" && (
        <>
          {TOLD.map((x, i) => (
            <ellipse key={x} cx={x} cy={33 - i * 5} rx="5.500" ry="4.200" transform={`rotate(-20 ${x} ${33 - i * 5})`} fill="var(--ink)" />
          ))}
          {LEFT.map((x, i) => (
            <ellipse key={x} cx={x} cy={28 - i * 5} rx="5.500" ry="4.200" transform={`rotate(-20 ${x} ${28 - i * 5})`} fill={passage === "filtered" ? "var(--paper)" : "var(--ink)"} stroke="var(--ink)" strokeWidth="2" />
          ))}
          <path d="M143 17l13 11-13 11" stroke={colour} strokeWidth="3" strokeLinejoin="round" strokeLinecap="round" />
        </>
      )}
      {passage === "filtered" && (
        <>
          <rect x="62" y="8" width="30" height="40" rx="6" fill="var(--surface)" stroke={colour} strokeWidth="3" />
          <path d="M69 19h16M69 28h16M69 37h16" stroke={colour} strokeWidth="2.500" strokeDasharray="3 3.500" />
        </>
      )}
    </g>
  );
}

/** From left to right, and on a phone from above to below. */
function Way({ passage }: { passage: Passage }) {
  return (
    <>
      <svg viewBox="0 0 160 56" className="h-14 w-40 max-md:hidden" aria-hidden="true">
        <Staff passage={passage} />
      </svg>
      <svg viewBox="0 0 56 160" className="ml-8 h-28 w-10 md:hidden" aria-hidden="true">
        <g transform="translate(56 0) rotate(90)">
          <Staff passage={passage} />
        </g>
      </svg>
    </>
  );
}

const passageOf = (reachable: Reachable, replaced: boolean): Passage => (reachable === "open" ? (replaced ? "filtered" : "open") : reachable === "resting" ? "resting" : "shut");

interface HouseProps {
  privacy: ModelPrivacy;
  providers: readonly ModelProvider[];
}

/** The school as a house: what stands in it, what stands outside, and what may go from one to the other. */
export function House({ privacy, providers }: HouseProps) {
  const { t } = useTranslation();
  const inside = privacy.providers.filter(({ local }) => local);
  const outside = privacy.providers.filter(({ local }) => !local);
  const modelsOf = (name: string) => providers.find((provider) => provider.name === name)?.models ?? [];
  return (
    <section className="mb-10">
      <h2 className="mb-4 text-2xl">{t("house.heading")}</h2>
      <div className="grid max-w-5xl items-center gap-y-2 md:grid-cols-[minmax(0,1fr)_minmax(0,1.45fr)]">
        <Building level={t(`privacy.levels.${privacy.level}`)}>
          <Room icon="score" name={t("house.program")} text={t("house.programText")} />
          {inside.length === 0 && <Room vacant icon="device" name={t("house.noLocal")} text={t("house.noLocalText")} />}
          {inside.map((one) => (
            <LocalRoom key={one.name} one={one} models={modelsOf(one.name)} />
          ))}
        </Building>
        <div>
          <p className="eyebrow mb-2 md:ml-44">{t("house.outside")}</p>
          <ul className="grid gap-3">
            {outside.length === 0 && <Outside passage="shut" name={t("house.noCloud")} models={[]} why={t("house.noCloudText")} />}
            {outside.map((one) => (
              <Provider key={one.name} one={one} privacy={privacy} models={modelsOf(one.name)} />
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

function LocalRoom({ one, models }: { one: Standing; models: readonly string[] }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const resting = one.reachable === "resting";
  return <Room icon="device" vacant={resting} name={one.name} text={resting ? t("house.why.resting") : formatList(models.slice(0, 4), language)} />;
}

function Provider({ one, privacy, models }: { one: Standing; privacy: ModelPrivacy; models: readonly string[] }) {
  const { t } = useTranslation();
  const passage = passageOf(one.reachable, privacy.personal_replaced);
  const why = one.reachable === "open" ? t(privacy.personal_replaced ? "house.why.open_replaced" : "house.why.open_plain") : t(`house.why.${one.reachable}`);
  return <Outside passage={passage} name={one.name} models={models} why={why} />;
}

/** Walls, a roof with its chimney, and the plate beside the door. */
function Building({ level, children }: { level: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div>
      <div className="relative h-20 sm:h-24" aria-hidden="true">
        <div className="absolute right-[20%] top-[12%] h-[52%] w-6 border-2 border-ink bg-sunken" />
        <svg viewBox="0 0 400 96" preserveAspectRatio="none" className="absolute inset-0 size-full">
          <path d="M3 95 L200 4 L397 95 Z" fill="var(--surface)" stroke="var(--ink)" strokeWidth="2" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
        </svg>
        <span className="absolute inset-x-0 bottom-2 mx-auto grid size-10 place-items-center rounded-full border-2 border-ink bg-accent-soft sm:bottom-3 sm:size-11">
          <Icon name="school" className="size-6" />
        </span>
      </div>
      <div className="mx-[0.8%] grid gap-2.5 border-2 border-t-0 border-ink bg-surface p-3 sm:p-4">
        {children}
        <p className="mt-1 flex flex-wrap items-center justify-between gap-x-3">
          <strong>{t("house.level", { level })}</strong>
          <Link to="/school/settings" className="link flex min-h-11 items-center">
            {t("house.change")}
          </Link>
        </p>
      </div>
    </div>
  );
}

function Room({ icon, name, text, vacant = false }: { icon: IconName; name: string; text: string; vacant?: boolean }) {
  return (
    <div className={`flex gap-3 rounded-lg border-[1.5px] px-3 py-2.5 leading-tight ${vacant ? "border-dashed border-edge text-muted" : "border-ink bg-paper"}`}>
      <Icon name={icon} className="mt-0.5 size-5" />
      <div className="min-w-0">
        <strong className="wrap-anywhere">{name}</strong>
        <p className="text-sm text-muted wrap-anywhere">{text}</p>
      </div>
    </div>
  );
}

interface OutsideProps {
  passage: Passage;
  name: string;
  models: readonly string[];
  why: string;
}

/** Somebody outside of the house, with the way there. */
function Outside({ passage, name, models, why }: OutsideProps) {
  const { t } = useTranslation();
  const shut = passage === "shut" || passage === "resting";
  return (
    <li className="grid items-center gap-x-4 md:grid-cols-[10rem_minmax(0,1fr)]">
      <Way passage={passage} />
      <div className="relative pt-6">
        <Bumps shut={shut} />
        <div className={`relative rounded-b-3xl border-[1.5px] border-t-0 px-4 pb-3 pt-1 leading-tight ${shut ? "border-dashed border-edge" : "border-ink bg-surface"}`}>
          <strong className="text-lg wrap-anywhere">{name}</strong>
          {models.length > 0 && <p className="text-sm text-muted wrap-anywhere">{models.slice(0, 4).join(", ")}</p>}
          <p className="mt-1 flex gap-2 text-sm">
            <Icon name={passage === "open" ? "check" : passage === "filtered" ? "shield" : passage === "resting" ? "pause" : "close"} className="mt-px size-4" />
            <span>
              {passage === "filtered" && <span className="sr-only">{t("house.filter")}. </span>}
              {why}
            </span>
          </p>
        </div>
      </div>
    </li>
  );
}

/** The upper side of a cloud. */
function Bumps({ shut }: { shut: boolean }) {
  return (
    <svg viewBox="0 0 400 32" preserveAspectRatio="none" className="absolute inset-x-0 top-0 h-7 w-full" aria-hidden="true">
      <path
        d="M1 32 C-1 18 34 10 58 19 C74 1 132 -3 156 13 C182 -4 244 -4 266 12 C290 0 334 3 348 19 C372 11 401 18 399 32"
        fill={shut ? "none" : "var(--surface)"}
        stroke={shut ? "var(--edge)" : "var(--ink)"}
        strokeWidth="1.500"
        strokeDasharray={shut ? "4 3" : undefined}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
