import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelProvider, ModelRoute } from "@/api/model-types";
import { providers, routes } from "@/api/models";
import { formatPercent } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { formatList } from "@/lib/words";
import { Loaded } from "@/ui/loaded";
import { Block } from "@/ui/page";
import { Edit, OriginBadge, RemoveUndone, Row, Rows, useEditable, useRenewed } from "./parts";
import { ChangeRoute, NewRoute, wishOf } from "./route-form";
import { useTaskNames } from "./tasks";
import { shareOf, wayOf } from "./way";

/** Names that can be asked, and who stands behind each. */
export function Routes() {
  const { t } = useTranslation();
  const list = useQuery(routes.query);
  const known = useQuery(providers.query);
  const editable = useEditable();
  const renewed = useRenewed();
  const [added, setAdded] = useState(0);
  const unused = list.data !== undefined && list.data.length > 0 && list.data.every(({ tasks }) => tasks.length === 0);
  return (
    <>
      <p className="mb-5 max-w-[65ch]">{t("routes.lead")}</p>
      {unused && <p className="mb-5 max-w-[65ch] font-semibold">{t("house.unused")}</p>}
      <Loaded query={{ ...list, data: known.data && list.data }} waiting={t("routes.looking")}>
        {(items) => (
          <>
            <Rows none={t("routes.none")} count={items.length}>
              {items.map((route) => (
                <RouteRow key={route.id} route={route} known={known.data ?? []} editable={editable} />
              ))}
            </Rows>
            {editable && (
              <Block title={t("routes.add")}>
                {known.data?.length === 0 ? (
                  <p className="text-muted">{t("routes.noProviders")}</p>
                ) : (
                  <NewRoute
                    key={added}
                    known={known.data ?? []}
                    done={async () => {
                      await renewed();
                      setAdded(added + 1);
                    }}
                  />
                )}
              </Block>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function RouteRow({ route, known, editable }: { route: ModelRoute; known: readonly ModelProvider[]; editable: boolean }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const taskNames = useTaskNames();
  const tasks = route.tasks.length > 0 ? formatList(taskNames(route.tasks), language) : t("routes.taskNone");
  return (
    <Row
      title={route.model}
      badges={<OriginBadge origin={route.origin} />}
      actions={
        editable &&
        route.origin === "school" && (
          <>
            <Edit name={route.model}>{(close) => <ChangeRoute route={route} known={known} done={close} />}</Edit>
            <RemoveUndone name={route.model} run={() => routes.remove(route)} undo={() => routes.add(wishOf(route))} />
          </>
        )
      }
    >
      <p className="mb-3 text-muted">{tasks}</p>
      <Steps route={route} />
    </Row>
  );
}

/** Of those who share the first questions; who steps in has none. */
const TINTS = ["bg-accent-soft", "bg-signal-soft", "bg-good-soft"] as const;

/** Who is asked, step after step; those of one step as a bar, each as long as its share. */
function Steps({ route }: { route: ModelRoute }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (
    <ol className="grid max-w-3xl gap-2">
      {wayOf(route.targets).map((step, i) => (
        <li key={i} className="grid gap-x-4 gap-y-1 sm:grid-cols-[8.5rem_minmax(0,1fr)] sm:items-center">
          <span className="text-sm font-bold">
            {i + 1}. {t(i === 0 ? "routes.first" : "routes.then")}
          </span>
          <ul className="flex overflow-hidden rounded-lg border-[1.5px] border-edge max-sm:flex-col">
            {step.map((one, j) => (
              <li key={`${one.provider} ${one.model} ${j}`} style={{ flexGrow: one.parts, flexBasis: 0 }} className={`min-w-24 px-3 py-1.5 leading-tight not-first:border-edge max-sm:not-first:border-t-[1.5px] sm:not-first:border-l-[1.5px] ${i === 0 ? (TINTS[j % TINTS.length] ?? "") : "bg-surface"}`}>
                <strong className="wrap-anywhere">{one.provider}</strong> <span className="wrap-anywhere">{one.model}</span>
                {step.length > 1 && <span className="nums block text-sm">{formatPercent(shareOf(one, step), language)}</span>}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
