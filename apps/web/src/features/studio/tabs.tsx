import { Tabs } from "radix-ui";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { CultureTab } from "./culture-tab";
import { ListenTab } from "./listen-tab";
import { PlanTab } from "./plan-tab";
import { QuizTab } from "./quiz/quiz-tab";
import { TABS, useStudio } from "./state";
import { TheoryTab } from "./theory-tab";

const PANELS = { listen: ListenTab, theory: TheoryTab, culture: CultureTab, plan: PlanTab, quiz: QuizTab } as const;

/**
 * A newly opened tab begins at its top: of the panel where only that scrolls, and under what sticks where the page does.
 * A page that has not come that far stays where it is.
 */
function showTop(panel: HTMLElement): void {
  panel.scrollTo(0, 0);
  const list = panel.querySelector("[role=tablist]");
  const stuck = list ? Number.parseFloat(getComputedStyle(list).top) : 0;
  const top = panel.getBoundingClientRect().top + window.scrollY - (Number.isFinite(stuck) ? stuck : 0);
  if (window.scrollY > top) window.scrollTo(0, top);
}

/** The five ways to look at a piece. */
export function StudioTabs() {
  const { t } = useTranslation();
  const tab = useStudio((state) => state.tab);
  const set = useStudio((state) => state.set);
  const root = useRef<HTMLDivElement>(null);
  const opened = useRef(tab);
  useLayoutEffect(() => {
    if (opened.current !== tab && root.current) showTop(root.current);
    opened.current = tab;
  }, [tab]);
  return (
    <Tabs.Root
      ref={root}
      value={tab}
      onValueChange={(value) => {
        const chosen = TABS.find((known) => known === value);
        if (chosen) set({ tab: chosen });
      }}
      className="relative min-w-0 px-3 pb-8 max-lg:pt-3 sm:px-0 lg:min-h-0 lg:overflow-y-auto lg:pb-4"
    >
      <Tabs.List aria-label={t("studio.tabsLabel")} className="sticky top-0 z-10 -mx-3 max-lg:top-[36dvh] short:top-0 flex overflow-x-auto border-b-2 border-ink bg-paper px-3 sm:mx-0 sm:px-0">
        {TABS.map((known) => (
          <Tabs.Trigger
            key={known}
            value={known}
            className="min-h-11 flex-1 whitespace-nowrap rounded-t-lg px-3 font-bold max-sm:px-[0.4rem] max-sm:text-[0.95rem] hover:bg-sunken data-[state=active]:bg-ink data-[state=active]:text-paper"
          >
            {t(`studio.tabs.${known}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {TABS.map((known) => {
        const Panel = PANELS[known];
        return (
          <Tabs.Content key={known} value={known} className="px-1 pt-5">
            <Panel />
          </Tabs.Content>
        );
      })}
    </Tabs.Root>
  );
}
