import { useTranslation } from "react-i18next";
import type { Claim } from "@/api/types";
import { formatBars } from "@/lib/bars";
import { formatPercent } from "@/lib/format";
import { formatChord, formatKey } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { GenreMark } from "./provenance";
import { useStudio } from "./state";

/** What is true of the notes, statement by statement; each can be pressed, seen and heard. */
export function TheoryTab() {
  const { t } = useTranslation();
  const mashup = useStudio((state) => state.mashup);
  const { language, noteNames } = useSettings();
  const { claims, key } = mashup.theory_analysis;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <section>
        <p className="mb-3 text-muted">{t("theory.lead")}</p>
        <ul className="grid gap-2">
          {claims.map((claim) => (
            <ClaimButton key={claim.id} claim={claim} />
          ))}
        </ul>
        <p className="mt-4 text-muted">
          {t("theory.key", { key: formatKey(key.name, language, noteNames), value: formatPercent(key.confidence, language) })}
        </p>
      </section>
      <Cadences />
      <Concepts />
    </div>
  );
}

function ClaimButton({ claim }: { claim: Claim }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const concepts = useStudio((state) => state.mashup.educational_content.key_concepts);
  const colours = useStudio((state) => state.colours);
  const lit = useStudio((state) => state.lit);
  const show = useStudio((state) => state.show);
  const concept = concepts.find((known) => known.id === claim.concept);
  const on = lit?.notes === claim.evidence.notes;
  const { bars } = claim.evidence;
  return (
    <li>
      <button
        type="button"
        aria-pressed={on}
        className={`block w-full rounded-xl border p-4 text-left transition-colors ${on ? "border-2 border-signal bg-signal-soft" : "border-line bg-surface hover:border-ink"}`}
        onClick={() => show(claim.evidence)}
      >
        <span className="mb-1 flex items-center gap-2 text-sm font-bold">
          <GenreMark colour={colours.find((colour) => colour.genre === claim.genre)} />
          {concept?.name[language] ?? claim.concept.replaceAll("_", " ")}
          {bars.length > 0 && <span className="ml-auto font-normal text-muted">{t("theory.bars", { count: bars.length, list: formatBars(bars) })}</span>}
        </span>
        <span className="block text-lg leading-snug">{claim.text[language]}</span>
        <span className={`mt-1 block ${on ? "" : "text-muted"}`}>
          {t("theory.listenFor")}: {claim.listen_for[language]}
        </span>
      </button>
    </li>
  );
}

function Cadences() {
  const { t } = useTranslation();
  const names = useSettings((state) => state.noteNames);
  const { cadences } = useStudio((state) => state.mashup.theory_analysis);
  const show = useStudio((state) => state.show);
  if (cadences.length === 0) return null;
  return (
    <section>
      <h2 className="mb-2 text-2xl">{t("theory.cadences")}</h2>
      <ul className="flex flex-wrap gap-2">
        {cadences.map((cadence, i) => (
          <li key={i}>
            <button type="button" className="chip" onClick={() => show({ bars: [cadence.bar - 1, cadence.bar], notes: [], from: "0", to: "0" })}>
              {t("theory.cadence", {
                kind: t(`theory.cadenceKinds.${cadence.kind}` as "theory.cadenceKinds.half", { defaultValue: cadence.kind.replaceAll("_", " ") }),
                bar: cadence.bar,
                chords: cadence.chords.map((chord) => formatChord(chord, names)).join(" – "),
              })}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Concepts() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const { key_concepts, standards } = useStudio((state) => state.mashup.educational_content);
  return (
    <section>
      <h2 className="mb-2 text-2xl">{t("theory.concepts")}</h2>
      <dl className="grid gap-3">
        {key_concepts.map((concept) => (
          <div key={concept.id} className="border-t border-line pt-2">
            <dt className="font-bold">
              {concept.name[language]} <span className="font-normal text-muted">· {t(`home.levels.${concept.level}`)}</span>
            </dt>
            <dd>{concept.definition[language]}</dd>
          </div>
        ))}
      </dl>
      {standards.length > 0 && (
        <>
          <h2 className="mb-2 mt-6 text-2xl">{t("theory.standards")}</h2>
          <ul className="grid gap-2">
            {standards.map((standard) => (
              <li key={`${standard.framework} ${standard.code}`}>
                <strong>{standard.code}</strong> <span className="text-muted">({standard.framework})</span> {standard.summary[language]}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
