import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { everybodys } from "./everybodys";
import { json } from "./client";
import { sourcePlayback } from "./sources";
import type { GenreSummary, Mashup, MashupSummary, ModelOffer, Page, Source } from "./types";

export const mashupKey = (id: string) => ["mashup", id] as const;

export const mashupQuery = (id: string) =>
  queryOptions({ queryKey: mashupKey(id), queryFn: ({ signal }) => json<Mashup>(`/mashup/${encodeURIComponent(id)}`, { signal }) });

export const genresQuery = queryOptions({
  queryKey: ["genres"],
  meta: everybodys,
  queryFn: ({ signal }) => json<GenreSummary[]>("/genres", { signal }),
  staleTime: Infinity,
});

/** Which language models may help this person now; what stands in the way may be gone a minute later. */
export const modelOfferQuery = queryOptions({
  queryKey: ["model-offer"],
  queryFn: ({ signal }) => json<ModelOffer>("/mashup/models", { signal }),
  staleTime: 60_000,
});

export const libraryQuery = infiniteQueryOptions({
  queryKey: ["mashups"],
  queryFn: ({ pageParam, signal }) =>
    json<Page<MashupSummary>>(`/mashup?limit=24${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`, { signal }),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export const sourcesKey = ["sources"] as const;

/** The pieces that this visitor brought, newest first. */
export const sourcesQuery = infiniteQueryOptions({
  queryKey: sourcesKey,
  queryFn: ({ pageParam, signal }) => json<Page<Source>>(`/mashup/sources?limit=12${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`, { signal }),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

/** The notes of a piece that was brought; they do not change. */
export const playbackQuery = (id: string) =>
  queryOptions({ queryKey: ["source-playback", id] as const, queryFn: ({ signal }) => sourcePlayback(id, signal), staleTime: Infinity });
