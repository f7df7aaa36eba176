import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import { sourcesQuery } from "@/api/queries";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { Arrivals } from "./arrivals";
import { BroughtList } from "./brought-list";
import { useDesk } from "./desk";
import { LicencePanel } from "./licence-panel";
import { SourceCard } from "./source-card";
import { takeOf } from "./take";
import { TakeMatrix } from "./take-matrix";
import { useFileDrop } from "./use-file-drop";
import { usePieces } from "./use-pieces";
import { usePreview } from "./use-preview";

/** Pieces of one's own on the first page: dropped or chosen, looked into, heard, and taken apart. */
export function SourcesPanel({ busy }: { busy: boolean }) {
  const { t } = useTranslation();
  const { waiting, arrivals, pieces, choices, stage, unstage } = useDesk();
  const actions = usePieces();
  const heading = useRef<HTMLHeadingElement>(null);
  const explain = useProblemText();
  const toast = useToasts((state) => state.add);
  const failed = useCallback((error: unknown) => void toast({ text: t("sources.card.playFailed", { message: explain(error) }) }), [toast, t, explain]);
  const preview = usePreview(failed);
  const over = useFileDrop(stage);

  const { stop } = preview;
  useEffect(() => {
    if (busy) stop();
  }, [busy, stop]);

  const take = takeOf(
    pieces.map((piece) => piece.source),
    choices,
  );
  return (
    <section
      aria-labelledby="sources-heading"
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4"
      onKeyDown={(event) => {
        // Enter in a field of this part does not send the sentence.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
      }}
    >
      <Invitation headingRef={heading} over={over} onFiles={stage} actions={actions} />
      <Arrivals onRetry={(key) => void actions.retry(key)} />
      {waiting.length > 0 && (
        <LicencePanel
          waiting={waiting}
          onUnstage={unstage}
          onBring={(licence, credit) => {
            // The question goes away with its answer; who reads by ear goes on above.
            heading.current?.focus({ preventScroll: true });
            void actions.bring(licence, credit);
          }}
        />
      )}
      {pieces.map((piece, place) => {
        const { source } = piece;
        const sounding = preview.id === source.id;
        return (
          <SourceCard
            key={source.id}
            piece={piece}
            place={place}
            sounding={sounding}
            bar={sounding ? preview.bar : -1}
            busy={arrivals.some((arrival) => arrival.instead === source.id)}
            onPlay={() => preview.toggle(source)}
            onRemove={() => {
              if (sounding) preview.stop();
              void actions.remove(source);
            }}
            onTune={(tune) => {
              preview.stop();
              void actions.changeTune(piece, tune);
            }}
          />
        );
      })}
      {pieces.length > 0 && <TakeMatrix pieces={pieces} take={take} />}
    </section>
  );
}

interface InvitationProps {
  headingRef: React.RefObject<HTMLHeadingElement | null>;
  over: boolean;
  onFiles: (files: File[]) => void;
  actions: ReturnType<typeof usePieces>;
}

/** The quiet place that invites: a file may be dropped anywhere, chosen here, or picked from those of other days. */
function Invitation({ headingRef, over, onFiles, actions }: InvitationProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const list = useId();
  const { data } = useInfiniteQuery(sourcesQuery);
  const brought = (data?.pages[0]?.items.length ?? 0) > 0;
  return (
    <>
      <div className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border-2 border-dashed px-4 py-3 transition-colors ${over ? "border-accent bg-accent-soft" : "border-edge"}`}>
        <Icon name="file" className="size-8 max-[24rem]:hidden" />
        <div className="mr-auto min-w-[min(100%,15rem)] flex-1">
          <h2 ref={headingRef} id="sources-heading" tabIndex={-1} className="font-text text-base leading-snug font-bold tracking-normal outline-none">
            {t("sources.heading")}
          </h2>
          <p className="text-sm leading-snug text-muted">{over ? t("sources.letGo") : t("sources.invite")}</p>
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
              onFiles([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <button type="button" className="btn" onClick={() => input.current?.click()}>
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
      {open && brought && <BroughtList id={list} onUse={actions.use} onRemove={(source) => void actions.remove(source)} />}
    </>
  );
}
