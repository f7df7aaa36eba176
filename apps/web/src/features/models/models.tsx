import "@/i18n/models";
import { Link, useParams } from "@tanstack/react-router";
import { type ComponentType, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { may, useSession } from "@/session/session";
import { PageHead } from "@/ui/page";
import { Budgets } from "./budgets";
import { Keys } from "./keys";
import { Overview } from "./overview";
import { Providers } from "./providers";
import { Routes } from "./routes";
import { Transcripts } from "./transcripts";
import { SchoolUsage } from "./usage";

const PAGES = { overview: Overview, providers: Providers, routes: Routes, keys: Keys, budgets: Budgets, usage: SchoolUsage, transcripts: Transcripts } satisfies Record<string, ComponentType>;
type Page = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Page[];
/** What some of them ask besides. */
const NEEDS: Partial<Record<Page, string>> = { usage: "usage.read", transcripts: "models.transcripts.read" };

/** The pages that the person may see. */
function usePages(): Page[] {
  const me = useSession((state) => state.me);
  return NAMES.filter((name) => NEEDS[name] === undefined || may(me, NEEDS[name]));
}

/** Which language models the school uses, what they may see, and what they cost. */
export function Models() {
  const { t } = useTranslation();
  const wanted = useParams({ strict: false, select: (params) => params.page });
  const pages = usePages();
  const page = pages.find((name) => name === wanted) ?? "overview";
  const Here = PAGES[page];
  return (
    <>
      <PageHead title={t("models.title")} lead={t("models.lead")} />
      <Tabs pages={pages} here={page} />
      <Here />
    </>
  );
}

const TAB = "flex min-h-11 items-center whitespace-nowrap border-b-4 px-3 font-semibold hover:bg-sunken";

function Tabs({ pages, here }: { pages: readonly Page[]; here: Page }) {
  const { t } = useTranslation();
  const row = useRef<HTMLUListElement>(null);
  // On a phone the page's own name may be outside of the row: it is brought in, without moving the page.
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (row.current && tab) row.current.scrollLeft = tab.offsetLeft - (row.current.clientWidth - tab.offsetWidth) / 2;
  }, [here]);
  return (
    <nav aria-label={t("models.title")} className="no-print mb-8 border-b-2 border-line">
      <ul ref={row} className="relative -mb-0.5 flex overflow-x-auto">
        {pages.map((name) => {
          const at = name === here ? ({ "aria-current": "page", className: `${TAB} border-ink` } as const) : { className: `${TAB} border-transparent text-muted` };
          return (
            <li key={name}>
              {name === "overview" ? (
                <Link to="/school/models" activeOptions={{ exact: true }} {...at}>
                  {t("models.pages.overview")}
                </Link>
              ) : (
                <Link to="/school/models/$page" params={{ page: name }} {...at}>
                  {t(`models.pages.${name}`)}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
