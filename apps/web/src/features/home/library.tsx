import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { genresQuery, libraryQuery } from "@/api/queries";
import type { MashupSummary } from "@/api/types";
import { formatDate } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { useSession } from "@/session/session";
import { Sleeve } from "@/ui/sleeve";

/** The shelf: this visitor's own pieces, newest first, each in its sleeve. */
export function Library({ onSample }: { onSample: () => void }) {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage, isSuccess, isPending, isError, refetch } = useInfiniteQuery(libraryQuery);
  const member = useSession((state) => state.phase === "member");
  const pieces = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="library-heading" className="mx-auto w-full max-w-[92rem] px-4 pb-16 sm:px-8">
      <div className="border-t-2 border-ink pt-4">
        <h2 id="library-heading" className="text-2xl">
          {t("home.library")}
        </h2>
        {isPending && <Shelf label={t("home.libraryLoading")} />}
        {isError && (
          <div role="alert" className="mt-3 flex flex-wrap items-center gap-4">
            <p>{t("home.libraryFailed")}</p>
            <button type="button" className="btn" onClick={() => void refetch()}>
              {t("errors.retry")}
            </button>
          </div>
        )}
        {isSuccess && pieces.length === 0 && (
          <div className="mt-3 flex flex-wrap items-center gap-4 text-muted">
            <p>{member ? t("home.libraryEmptyMember") : t("home.libraryEmpty")}</p>
            <button type="button" className="btn" onClick={onSample}>
              {t("home.librarySample")}
            </button>
          </div>
        )}
        <ul className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-5 gap-y-7">
          {pieces.map((piece) => (
            <Piece key={piece.id} piece={piece} />
          ))}
        </ul>
        {hasNextPage && (
          <button type="button" className="btn mt-6" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("home.loadMore")}
          </button>
        )}
      </div>
    </section>
  );
}

/** The shelf while its pieces are fetched: empty sleeves, so that nothing jumps when they come. */
function Shelf({ label }: { label: string }) {
  return (
    <div role="status" className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-5">
      <span className="sr-only">{label}</span>
      {[0, 1, 2].map((place) => (
        <span key={place} aria-hidden="true" className="aspect-square w-full rounded border border-dashed border-line" />
      ))}
    </div>
  );
}

function Piece({ piece }: { piece: MashupSummary }) {
  const language = useSettings((state) => state.language);
  const { data: genres = [] } = useQuery(genresQuery);
  return (
    <li>
      <Link to="/studio/$id" params={{ id: piece.id }} className="group grid gap-2">
        <Sleeve
          id={piece.id}
          genres={piece.genres}
          className="aspect-square w-full rounded border border-line shadow-sleeve transition-transform duration-200 group-hover:-translate-y-1 group-focus-visible:-translate-y-1"
        />
        <span className="font-display text-lg font-bold leading-tight group-hover:underline">{piece.title}</span>
        <span className="text-sm leading-snug">{piece.genres.map((id) => genres.find((genre) => genre.id === id)?.name[language] ?? id.replaceAll("_", " ")).join(" × ")}</span>
        <span className="-mt-1.5 text-sm leading-snug text-muted">{formatDate(piece.created_at, language)}</span>
      </Link>
    </li>
  );
}
