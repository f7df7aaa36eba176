import { useTranslation } from "react-i18next";
import type { PrivacyLevel } from "@/api/account-types";
import { Icon } from "@/ui/icons";

type Passage = "open" | "filtered" | "shut";

/** Where data can go from the school, and whether it does, at each level: what the program makes of them, `PrivacyEffects` in its API. */
const PASSAGES: Readonly<Record<PrivacyLevel, Readonly<Record<"composer" | "local" | "cloud", Passage>>>> = {
  strict: { composer: "open", local: "open", cloud: "shut" },
  standard: { composer: "open", local: "open", cloud: "filtered" },
  relaxed: { composer: "open", local: "open", cloud: "open" },
};

const PLACES = ["composer", "local", "cloud"] as const;
const Y = { composer: 38, local: 118, cloud: 222 } as const;

/** The way to one place: a staff that runs through, through a filter, or ends at a bar line. */
function Way({ y, passage }: { y: number; passage: Passage }) {
  const colour = passage === "shut" ? "var(--edge)" : passage === "filtered" ? "var(--signal)" : "var(--accent)";
  const end = passage === "shut" ? 94 : 178;
  return (
    <g>
      {[-10, -5, 0, 5, 10].map((line) => (
        <path key={line} d={`M0 ${y + line} H ${end}`} stroke={colour} strokeWidth="1.600" />
      ))}
      {passage === "shut" && <path d={`M94 ${y - 15} v30 M101 ${y - 15} v30`} stroke="var(--ink)" strokeWidth="4" />}
      {passage === "filtered" && (
        <g>
          <rect x="78" y={y - 19} width="34" height="38" rx="6" fill="var(--surface)" stroke={colour} strokeWidth="3" />
          <path d={`M86 ${y - 8} h18 M86 ${y} h18 M86 ${y + 8} h18`} stroke={colour} strokeWidth="2.500" strokeDasharray="3 4" />
        </g>
      )}
      {passage !== "shut" && <path d={`M172 ${y - 11} l14 11 -14 11`} stroke={colour} strokeWidth="3" fill="none" strokeLinejoin="round" strokeLinecap="round" />}
    </g>
  );
}

/** What a privacy level lets out of the school, as a picture and in words. */
export function PrivacyPicture({ level }: { level: PrivacyLevel }) {
  const { t } = useTranslation();
  const passages = PASSAGES[level];
  return (
    <figure className="card p-4 sm:p-6" aria-live="polite">
      <div className="grid max-w-3xl grid-cols-[minmax(0,1fr)_190px_minmax(0,1.5fr)] items-stretch max-sm:hidden" aria-hidden="true">
        <div className="grid content-center rounded-xl border-2 border-ink bg-sunken p-4 text-center">
          <Icon name="school" className="mx-auto size-9" />
          <p className="display mt-2 text-lg leading-tight">{t("privacy.inside")}</p>
          <p className="mt-1 text-sm text-muted">{t("privacy.insideText")}</p>
        </div>
        <svg viewBox="0 0 190 260" className="h-[260px] w-[190px]" fill="none">
          <path d="M0 170 H190" stroke="var(--edge)" strokeWidth="2" strokeDasharray="6 6" />
          {PLACES.map((place) => (
            <Way key={place} y={Y[place]} passage={passages[place]} />
          ))}
        </svg>
        <div className="relative h-[260px]">
          {PLACES.map((place) => (
            <div
              key={place}
              className={`absolute inset-x-0 grid min-h-[66px] content-center rounded-xl border-[1.5px] px-3 py-1.5 leading-tight ${passages[place] === "shut" ? "border-dashed border-edge text-muted" : "border-ink bg-surface"}`}
              style={{ top: Y[place] - 33 }}
            >
              <strong>{t(`privacy.places.${place}`)}</strong>
              <span className="text-sm">{t(`privacy.where.${place}`)}</span>
            </div>
          ))}
        </div>
      </div>
      <figcaption className="sm:mt-5 sm:border-t sm:border-line sm:pt-4">
        <dl className="grid gap-x-6 gap-y-2.5 lg:grid-cols-3">
          {PLACES.map((place) => (
            <div key={place}>
              <dt className="flex items-center gap-2 font-bold">
                <Icon name={passages[place] === "shut" ? "close" : passages[place] === "filtered" ? "shield" : "check"} className="size-4" />
                {t(`privacy.places.${place}`)}
              </dt>
              <dd className="pl-6 text-sm text-muted">{t(`privacy.said.${place}_${passages[place]}` as "privacy.said.cloud_shut")}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-3 text-sm text-muted">{t(`privacy.audit.${level}`)}</p>
      </figcaption>
    </figure>
  );
}
