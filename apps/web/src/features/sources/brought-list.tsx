import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/queries";
import type { Source } from "@/api/types";
import { formatDate } from "@/lib/format";
import { formatKey } from "@/lib/music-names";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { useDesk } from "./desk";

interface BroughtListProps {
  id: string;
  onUse: (source: Source) => void;
  onRemove: (source: Source) => void;
}

/** The pieces that this visitor brought on other days: one press puts one on the table or takes it off again. */
export function BroughtList({ id, onUse, onRemove }: BroughtListProps) {
  const { t } = useTranslation();
  const { language, noteNames } = useSettings();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(sourcesQuery);
  const onDesk = useDesk((state) => state.pieces);
  const putAside = useDesk((state) => state.putAside);
  const brought = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div id={id} className="card p-2">
      <ul aria-label={t("sources.before")} className="max-h-[60dvh] divide-y divide-line overflow-y-auto">
        {brought.map((source) => {
          const on = onDesk.some((piece) => piece.source.id === source.id);
          const { facts } = source;
          return (
            <li key={source.id} className="flex items-center gap-2 py-1 pl-2">
              <span className="mr-auto min-w-0 leading-snug">
                <span className="block truncate font-bold">{facts.title}</span>
                <span className="block text-sm text-muted">
                  {formatKey(facts.key, language, noteNames)} · {t("studio.meter", facts.meter)}
                  <span className="max-sm:hidden">
                    {" "}
                    · {t("studio.barsCount", { count: facts.bars })} · {formatDate(source.created_at, language)}
                  </span>
                </span>
              </span>
              <button
                type="button"
                className="btn shrink-0 px-3"
                aria-pressed={on}
                aria-label={`${on ? t("sources.inUse") : t("sources.use")}: ${facts.title}`}
                onClick={() => (on ? putAside(source.id) : onUse(source))}
              >
                {on ? t("sources.inUse") : t("sources.use")}
              </button>
              <button type="button" className="btn btn-quiet btn-icon btn-danger" aria-label={t("sources.card.remove", { title: facts.title })} onClick={() => onRemove(source)}>
                <Icon name="trash" />
              </button>
            </li>
          );
        })}
      </ul>
      {hasNextPage && (
        <button type="button" className="btn btn-quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("sources.older")}
        </button>
      )}
    </div>
  );
}
