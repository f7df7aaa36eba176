import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Loan } from "@/api/types";
import { useToasts } from "@/ui/toasts";
import { useDesk } from "./desk";
import { loanOf, takeOf } from "./take";

/** The id of the question whose music it is. */
export const WHOSE = "whose-music";

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

/**
 * Whether files that were brought are not on the table yet, so that a piece made now would be without them: then it says
 * so, and goes to the question that is open.
 */
export function useUnready(): () => boolean {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  return () => {
    const { waiting, arrivals } = useDesk.getState();
    const coming = arrivals.some(({ phase }) => phase !== "failed");
    if (waiting.length > 0) document.getElementById(WHOSE)?.focus();
    if (waiting.length > 0 || coming) toast({ text: waiting.length > 0 ? t("sources.whoseFirst") : t("sources.readFirst"), life: 6000 });
    return waiting.length > 0 || coming;
  };
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
