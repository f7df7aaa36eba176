import "@/i18n/studio";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useParams } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/problem";
import { mashupQuery } from "@/api/queries";
import type { Mashup } from "@/api/types";
import { Dock } from "./dock";
import { PieceHeader } from "./piece-header";
import { PrintedPlan } from "./plan-print";
import { Stage } from "./stage";
import { StudioContext, createStudio, useStudio } from "./state";
import { StudioKeys } from "./studio-keys";
import { StudioTabs } from "./tabs";
import { exposeAudio } from "./test-window";
import { WallLyrics } from "./wall-lyrics";

/** The piece with everything that belongs to it: seen, heard, explained, taught and asked about. */
export function Studio() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/studio/$id" });
  const piece = useQuery(mashupQuery(id));
  if (piece.data) return <Open key={piece.data.id} mashup={piece.data} />;
  if (piece.error) {
    const gone = piece.error instanceof Problem && piece.error.status === 404;
    return (
      <div className="mx-auto grid max-w-xl gap-6 px-5 py-24" role="alert">
        <h1 className="text-3xl">{gone ? t("errors.notFound") : t("errors.network")}</h1>
        <div className="flex gap-3">
          <Link to="/" className="btn btn-solid">
            {t("app.toHome")}
          </Link>
          {!gone && (
            <button type="button" className="btn" onClick={() => void piece.refetch()}>
              {t("errors.retry")}
            </button>
          )}
        </div>
      </div>
    );
  }
  return (
    <p role="status" className="p-12 text-xl text-muted">
      {t("studio.loading")}
    </p>
  );
}

function Open({ mashup }: { mashup: Mashup }) {
  const [store] = useState(() => createStudio(mashup));
  const remixed = useLocation({ select: (location) => location.state.remixed === true });
  // The player holds an audio context and a worker, which must end with the screen.
  useEffect(() => {
    const { player } = store.getState();
    const hide = exposeAudio(player);
    void player.prepare().then(() => store.setState({ tuned: true }));
    return () => {
      hide();
      player.close();
    };
  }, [store]);
  // The first page may have been scrolled to the list of steps; this one starts at its top, or at what a remix changed.
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
    if (remixed) document.getElementById("changes")?.scrollIntoView({ block: "start" });
  }, [remixed]);
  // Title and sharing may change without the music: the player plays on then.
  useEffect(() => {
    document.title = `${mashup.title} · EduAI`;
    store.setState({ mashup });
  }, [store, mashup]);
  return (
    <StudioContext value={store}>
      <StudioKeys />
      {/* On a wide screen everything is in sight at once and only the tabs scroll; on a phone the page scrolls. */}
      <div className="no-print flex flex-1 flex-col lg:h-[calc(100dvh-3.75rem)] lg:flex-none">
        <PieceHeader />
        <div className="flex-1 gap-x-6 sm:px-6 lg:grid lg:min-h-0 lg:grid-cols-[minmax(0,1fr)_minmax(21rem,29rem)] lg:px-8">
          <Stage />
          <StudioTabs />
        </div>
        <Dock />
      </div>
      <Wall />
      <PrintedPlan />
    </StudioContext>
  );
}

function Wall() {
  return useStudio((state) => state.wall) ? <WallLyrics /> : null;
}
