import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Loan } from "@/api/types";
import { useDesk } from "./desk";
import { loanOf, takeOf } from "./take";

const LONGEST_TITLE = 60;

/** A title as it stands in a sentence. */
export function shortTitle(title: string): string {
  const letters = Array.from(title.trim());
  return letters.length <= LONGEST_TITLE ? letters.join("") : `${letters.slice(0, LONGEST_TITLE - 1).join("").trimEnd()}…`;
}

/** What the next request borrows; nothing while no piece is on the table. */
export function useLoan(): Loan | undefined {
  const pieces = useDesk((state) => state.pieces);
  const choices = useDesk((state) => state.choices);
  return useMemo(() => {
    const sources = pieces.map((piece) => piece.source);
    return loanOf(takeOf(sources, choices));
  }, [pieces, choices]);
}

export const SUGGESTIONS = ["one", "two", "three"] as const;

/** Sentences about the piece whose melody is taken, or the first that is; none while nothing is. */
export function useSuggestions(): string[] {
  const { t } = useTranslation();
  const pieces = useDesk((state) => state.pieces);
  const loan = useLoan();
  const lead = loan?.take.melody ?? loan?.source_ids[0];
  const source = pieces.find((piece) => piece.source.id === lead)?.source;
  return source ? SUGGESTIONS.map((which) => t(`sources.suggest.${which}`, { title: shortTitle(source.facts.title) })) : [];
}
