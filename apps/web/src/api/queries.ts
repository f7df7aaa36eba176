import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { json } from "./client";
import type { GenreSummary, Mashup, MashupSummary, Page } from "./types";

export const mashupKey = (id: string) => ["mashup", id] as const;

export const mashupQuery = (id: string) =>
  queryOptions({ queryKey: mashupKey(id), queryFn: ({ signal }) => json<Mashup>(`/mashup/${encodeURIComponent(id)}`, { signal }) });

export const genresQuery = queryOptions({
  queryKey: ["genres"],
  queryFn: ({ signal }) => json<GenreSummary[]>("/genres", { signal }),
  staleTime: Infinity,
});

export const libraryQuery = infiniteQueryOptions({
  queryKey: ["mashups"],
  queryFn: ({ pageParam, signal }) =>
    json<Page<MashupSummary>>(`/mashup?limit=24${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`, { signal }),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});
