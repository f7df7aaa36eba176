import { useInfiniteQuery } from "@tanstack/react-query";
import { Suspense, lazy, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/queries";
import { Icon } from "@/ui/icons";
import { useDesk } from "./desk";
import { useFileDrop } from "./use-file-drop";

// Most visitors bring nothing: what looks into a piece is fetched with the first file.
const fetchTable = () => import("./table");
const Table = lazy(() => fetchTable().then(({ Table: table }) => ({ default: table })));

/** Pieces of one's own on the first page: the quiet place that invites, and the table on which they are looked into. */
export function SourcesPanel({ busy }: { busy: boolean }) {
  const { t } = useTranslation();
  const stage = useDesk((state) => state.stage);
  const laid = useDesk(({ waiting, refused, arrivals, pieces }) => waiting.length + refused.length + arrivals.length + pieces.length > 0);
  const over = useFileDrop(stage);
  const heading = useRef<HTMLHeadingElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const list = useId();
  const { data } = useInfiniteQuery(sourcesQuery);
  const brought = (data?.pages[0]?.items.length ?? 0) > 0;
  return (
    <section
      aria-labelledby="sources-heading"
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4"
      onKeyDown={(event) => {
        // Enter in a field of this part does not send the sentence.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
      }}
    >
      <div className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border-2 border-dashed px-4 py-3 transition-colors ${over ? "border-accent bg-accent-soft" : "border-edge"}`}>
        <Icon name="file" className="size-8 max-[24rem]:hidden" />
        <div className="mr-auto min-w-[min(100%,15rem)] flex-1">
          <h2 ref={heading} id="sources-heading" tabIndex={-1} className="font-text text-base leading-snug font-bold tracking-normal outline-none">
            {t("sources.heading")}
          </h2>
          <p className="text-sm leading-snug text-muted">
            {over ? (
              t("sources.letGo")
            ) : (
              <>
                {/* A finger drags no files. */}
                <span className="pointer-coarse:hidden">{t("sources.invite")}</span>
                <span className="hidden pointer-coarse:inline">{t("sources.inviteTouch")}</span>
              </>
            )}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {/* No list of kinds: phones grey out files whose ending they do not know, and what a file is its content says. */}
          <input
            ref={input}
            type="file"
            multiple
            hidden
            aria-label={t("sources.choose")}
            onChange={(event) => {
              stage([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <button type="button" className="btn" onPointerEnter={() => void fetchTable()} onFocus={() => void fetchTable()} onClick={() => input.current?.click()}>
            {t("sources.choose")}
          </button>
          {brought && (
            <button type="button" className="btn btn-quiet" aria-expanded={open} aria-controls={open ? list : undefined} onClick={() => setOpen(!open)}>
              {t("sources.before")}
              <Icon name="down" className={`size-4 transition-transform ${open ? "rotate-180" : ""}`} />
            </button>
          )}
        </div>
      </div>
      {(laid || (open && brought)) && (
        <Suspense>
          <Table busy={busy} list={open && brought ? list : undefined} onAnswered={() => heading.current?.focus({ preventScroll: true })} />
        </Suspense>
      )}
    </section>
  );
}
