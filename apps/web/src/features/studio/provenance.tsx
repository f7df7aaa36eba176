import { useTranslation } from "react-i18next";
import type { Mashup } from "@/api/types";
import type { GenreColour, Shape } from "@/design/genre-colours";
import { useSettings } from "@/lib/settings";
import type { PlayNote } from "@/player/timeline";
import { formatList } from "@/lib/words";
import { Icon } from "@/ui/icons";
import { isBorrowed } from "./borrowed";
import { type StudioState, useStudio } from "./state";

/** The colour of the genre that a note came from, ink where it was brought; of its part's genre where the note has no record of its own. */
export function originColour(state: Pick<StudioState, "mashup" | "timeline" | "colours">, note: PlayNote | undefined): string | undefined {
  if (!note) return undefined;
  const origin = note.origin === undefined ? undefined : state.mashup.origins[note.origin];
  if (isBorrowed(origin)) return "var(--ink)";
  const genre = origin?.genre ?? state.timeline.parts[note.part]?.genre;
  return state.colours.find((colour) => colour.genre === genre)?.css;
}

export function genreName(mashup: Pick<Mashup, "genre_blend">, id: string, language: "en" | "es"): string {
  return mashup.genre_blend.find((genre) => genre.id === id)?.name[language] ?? id.replaceAll("_", " ");
}

const SHAPE_PATHS: Record<Shape, string> = {
  circle: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z",
  diamond: "M8 0l8 8-8 8-8-8z",
  triangle: "M8 1l8 14H0z",
  square: "M1 1h14v14H1z",
};

/** The sign of a genre: its colour and its shape, so that neither alone must carry the meaning. */
export function GenreMark({ colour, className = "size-3.5" }: { colour: GenreColour | undefined; className?: string }) {
  if (!colour) return null;
  return (
    <svg viewBox="0 0 16 16" className={`${className} shrink-0`} aria-hidden="true">
      <path d={SHAPE_PATHS[colour.shape]} style={{ fill: colour.css }} />
    </svg>
  );
}

/** A genre's sign with its name. */
export function GenreName({ id, strong = false }: { id: string; strong?: boolean }) {
  const mashup = useStudio((state) => state.mashup);
  const colours = useStudio((state) => state.colours);
  const language = useSettings((state) => state.language);
  return (
    <span className={`inline-flex items-center gap-1.5 ${strong ? "font-bold" : ""}`}>
      <GenreMark colour={colours.find((colour) => colour.genre === id)} />
      {genreName(mashup, id, language)}
    </span>
  );
}

/** What the colours mean, with how much of the piece each genre leads. */
export function Legend() {
  const { t } = useTranslation();
  const mashup = useStudio((state) => state.mashup);
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1" aria-label={t("studio.legend")}>
      {mashup.genre_blend.map((genre) => (
        <li key={genre.id}>
          <GenreName id={genre.id} />
        </li>
      ))}
      <Lenders />
    </ul>
  );
}

/** Under the colours: what is in ink comes from pieces that were brought. */
function Lenders() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const credits = useStudio((state) => state.mashup.credits);
  if (credits.length === 0) return null;
  return (
    <li>
      <LenderName title={formatList(credits.map((credit) => t("sources.take.title", { title: credit.title })), language)} />
    </li>
  );
}

/** A piece that was brought, with its sign. */
export function LenderName({ title, strong = false }: { title: string; strong?: boolean }) {
  return (
    <span className={`inline-flex items-center gap-1.5 wrap-anywhere ${strong ? "font-bold" : ""}`}>
      <Icon name="file" className="size-4" />
      {title}
    </span>
  );
}
