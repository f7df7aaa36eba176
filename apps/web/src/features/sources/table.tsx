import "@/i18n/studio";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import { useToasts } from "@/ui/toasts";
import { Arrivals } from "./arrivals";
import { BroughtList } from "./brought-list";
import { useDesk } from "./desk";
import { LicencePanel } from "./licence-panel";
import { SourceCard } from "./source-card";
import { takeOf } from "./take";
import { TakeMatrix } from "./take-matrix";
import { usePieces } from "./use-pieces";
import { usePreview } from "./use-preview";

interface TableProps {
  /** Whether a piece is being made: then nothing sounds. */
  busy: boolean;
  /** The id for the list of pieces of other days, when it is open. */
  list: string | undefined;
  /** Called when the question whose music it is has been answered, and goes away. */
  onAnswered: () => void;
}

/** The table: what is on its way, the question whose it is, the pieces with what they are, and what to take of them. */
export function Table({ busy, list, onAnswered }: TableProps) {
  const { t } = useTranslation();
  const { waiting, arrivals, pieces, choices, unstage } = useDesk();
  const actions = usePieces();
  const explain = useProblemText();
  const toast = useToasts((state) => state.add);
  const failed = useCallback((error: unknown) => void toast({ text: t("sources.card.playFailed", { message: explain(error) }) }), [toast, t, explain]);
  const preview = usePreview(failed);

  const { stop } = preview;
  useEffect(() => {
    if (busy) stop();
  }, [busy, stop]);

  const take = takeOf(
    pieces.map((piece) => piece.source),
    choices,
  );
  return (
    <>
      {list !== undefined && <BroughtList id={list} onUse={actions.use} onRemove={(source) => void actions.remove(source)} />}
      <Arrivals onRetry={(key) => void actions.retry(key)} />
      {waiting.length > 0 && (
        <LicencePanel
          waiting={waiting}
          onUnstage={unstage}
          onBring={(licence, credit) => {
            onAnswered();
            void actions.bring(licence, credit);
          }}
        />
      )}
      {/* Several pieces lie side by side where the screen is wide enough to compare them. */}
      <div className={`grid grid-cols-[minmax(0,1fr)] items-start gap-4 empty:hidden ${pieces.length > 1 ? "xl:w-[min(88rem,calc(100vw-5rem))] xl:grid-cols-[repeat(2,minmax(0,1fr))]" : ""}`}>
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
      </div>
      {pieces.length > 0 && <TakeMatrix pieces={pieces} take={take} />}
    </>
  );
}
