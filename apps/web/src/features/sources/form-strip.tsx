import { useTranslation } from "react-i18next";
import type { Facts } from "@/api/types";
import { sectionInitials } from "@/lib/section-initials";
import { sectionColours } from "./facts";

interface FormStripProps {
  facts: Pick<Facts, "title" | "sections" | "bars">;
  /** The index of the bar that sounds; less than 0 when none does. */
  bar: number;
}

/** A tint of the theme's colour over its line; what comes back varied is lighter, and its line is broken. */
function inked(section: ReturnType<typeof sectionColours>[number] | undefined): React.CSSProperties {
  const colour = section?.colour ?? "var(--ink)";
  return { background: `color-mix(in srgb, ${colour} ${section?.varied ? 12 : 26}%, var(--surface))`, borderBottom: `4px ${section?.varied ? "dashed" : "solid"} ${colour}` };
}

/** With the sign that music theory writes for a variation. */
function printed(label: string): string {
  return label.replaceAll("'", "′");
}

/** The form of a piece in one line: every section as wide as it is long, the same colour where it returns. */
export function FormStrip({ facts, bar }: FormStripProps) {
  const { t } = useTranslation();
  const colours = sectionColours(facts.sections);
  const initials = sectionInitials(facts.sections.map((section) => section.label));
  return (
    <div className="relative">
      <ol className="flex h-9 gap-px overflow-hidden rounded-lg" aria-label={t("sources.card.form", { title: facts.title })}>
        {facts.sections.map((section, i) => (
          <li
            key={section.first}
            className="@container grid min-w-0 items-center"
            style={{ flex: section.bars, ...inked(colours[i]) }}
          >
            <span className="sr-only">{t("sources.card.stretch", { label: section.label, from: section.first + 1, to: section.first + section.bars })}</span>
            <span aria-hidden="true" className="truncate px-1 text-center font-bold @max-[4.5rem]:hidden">
              {printed(section.label)}
            </span>
            <span aria-hidden="true" className="text-center text-sm font-bold @min-[4.5rem]:hidden">
              {printed(initials[i] ?? "")}
            </span>
          </li>
        ))}
      </ol>
      {bar >= 0 && <span aria-hidden="true" className="pointer-events-none absolute -inset-y-1 w-0.75 rounded bg-signal" style={{ left: `${Math.min(99, ((bar + 0.5) / Math.max(1, facts.bars)) * 100)}%` }} />}
    </div>
  );
}
