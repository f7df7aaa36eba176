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
import { SchoolUsage } from "./usage";

const PAGES = { overview: Overview, providers: Providers, routes: Routes, keys: Keys, budgets: Budgets, usage: SchoolUsage } satisfies Record<string, ComponentType>;
type Page = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Page[];

/** Which language models the school uses, what they may see, and what they cost. */
export function Models() {
  const { t } = useTranslation();
  const wanted = useParams({ strict: false, select: (params) => params.page });
  const page = NAMES.find((name) => name === wanted) ?? "overview";
  const Here = PAGES[page];
  return (
    <>
      <PageHead title={t("models.title")} lead={t("models.lead")} />
      <Tabs here={page} />
      <Here />
    </>
  );
}

const TAB = "flex min-h-11 items-center whitespace-nowrap border-b-4 px-3 font-semibold hover:bg-sunken";

function Tabs({ here }: { here: Page }) {
  const { t } = useTranslation();
  const usage = useSession((state) => may(state.me, "usage.read"));
  const row = useRef<HTMLUListElement>(null);
  // On a phone the page's own name may be outside of the row: it is brought in, without moving the page.
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (row.current && tab) row.current.scrollLeft = tab.offsetLeft - (row.current.clientWidth - tab.offsetWidth) / 2;
  }, [here]);
  return (
    <nav aria-label={t("models.title")} className="no-print mb-8 border-b-2 border-line">
      <ul ref={row} className="relative -mb-0.5 flex overflow-x-auto">
        {NAMES.filter((name) => name !== "usage" || usage).map((name) => {
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
