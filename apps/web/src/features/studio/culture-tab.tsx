import { useTranslation } from "react-i18next";
import type { Culture } from "@/api/types";
import { useSettings } from "@/lib/settings";
import { GenreMark } from "./provenance";
import { useStudio } from "./state";

/** Where each style comes from, who made it, and how to use it with respect; with sources. */
export function CultureTab() {
  const cultures = useStudio((state) => state.mashup.cultural_context);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-12">
      {cultures.map((culture) => (
        <Genre key={culture.genre} culture={culture} />
      ))}
    </div>
  );
}

function Genre({ culture }: { culture: Culture }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const colours = useStudio((state) => state.colours);
  const colour = colours.find((known) => known.genre === culture.genre);
  return (
    <article className="grid gap-5">
      <header className="border-t-4 pt-3" style={{ borderColor: colour?.css }}>
        <h2 className="flex items-center gap-2.5 text-3xl">
          <GenreMark colour={colour} className="size-6" />
          {culture.name[language]}
        </h2>
        <p className="mt-2 text-lg">{culture.summary[language]}</p>
      </header>
      <div>
        <h3 className="mb-1 text-lg">{t("culture.origins")}</h3>
        <ul className="list-disc pl-5">
          {culture.origins.map((origin) => (
            <li key={origin.en}>{origin[language]}</li>
          ))}
        </ul>
      </div>
      <div>
        <h3 className="mb-1 text-lg">{t("culture.people")}</h3>
        <dl className="grid gap-2">
          {culture.people.map((person) => (
            <div key={person.name}>
              <dt className="font-bold">{person.name}</dt>
              <dd>{person.known_for[language]}</dd>
            </div>
          ))}
        </dl>
      </div>
      <div>
        <h3 className="mb-1 text-lg">{t("culture.history")}</h3>
        <p>{culture.social_history[language]}</p>
      </div>
      <div className="rounded-xl bg-accent-soft p-4">
        <h3 className="mb-1 text-lg">{t("culture.respect")}</h3>
        <p>{culture.respectful_use[language]}</p>
      </div>
      <div>
        <h3 className="mb-1 text-lg">{t("culture.listening")}</h3>
        <ul className="grid gap-2">
          {culture.listening.map((piece) => (
            <li key={`${piece.title} ${piece.artist}`}>
              <cite className="font-bold">{piece.title}</cite>, {piece.artist} ({piece.year}). {piece.why[language]}
            </li>
          ))}
        </ul>
      </div>
      <details>
        <summary className="flex min-h-11 items-center font-bold">{t("culture.sources")}</summary>
        <ul className="grid gap-2 text-sm">
          {culture.sources.map((source) => (
            <li key={source.key}>{source.text}</li>
          ))}
        </ul>
      </details>
    </article>
  );
}
