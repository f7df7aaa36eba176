import { useTranslation } from "react-i18next";
import { LAYERS, type Layer } from "@/api/types";
import { useSettings } from "@/lib/settings";
import { capital, formatList } from "@/lib/words";
import { Icon } from "@/ui/icons";
import { Badge } from "./badge";
import { type OnDesk, useDesk } from "./desk";
import { deskColour } from "./facts";
import { NEW, type Take, groupsOf, offers } from "./take";

interface TakeMatrixProps {
  pieces: readonly OnDesk[];
  take: Take;
}

/** For each layer of the music one choice: a piece that has it, or made new. Columns are numbered as the cards are. */
export function TakeMatrix({ pieces, take }: TakeMatrixProps) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="take-heading" className="card min-w-0 p-4 shadow-sleeve sm:p-5">
      <h3 id="take-heading" className="text-xl">
        {t("sources.take.heading")}
      </h3>
      <p className="text-muted">{t("sources.take.lead")}</p>
      <table className="mt-2 w-full table-fixed border-collapse">
        <caption className="sr-only">{t("sources.take.heading")}</caption>
        <thead>
          <tr className="align-bottom">
            <th scope="col" className="w-[4.6rem] sm:w-32">
              <span className="sr-only">{t("sources.take.layer")}</span>
            </th>
            {pieces.map(({ source }, place) => (
              <th key={source.id} scope="col" className="px-1 pb-1.5 text-sm leading-tight font-semibold">
                <span className="grid justify-items-center gap-1">
                  <Badge place={place} />
                  <span className="line-clamp-2 w-full wrap-anywhere max-sm:sr-only">{source.facts.title}</span>
                </span>
              </th>
            ))}
            <th scope="col" className="pb-1.5 text-sm font-semibold whitespace-nowrap max-sm:text-[0.8rem]">
              {t("sources.take.fresh")}
            </th>
          </tr>
        </thead>
        <tbody>
          {LAYERS.map((layer) => (
            <tr key={layer} className="border-t border-line">
              <th scope="row" className="text-left font-bold">
                {capital(t(`sources.layers.${layer}`))}
              </th>
              {pieces.map((piece, place) => (
                <td key={piece.source.id}>
                  {offers(piece.source, layer) ? (
                    <Dot
                      layer={layer}
                      from={piece.source.id}
                      on={take[layer] === piece.source.id}
                      colour={deskColour(place)}
                      label={t("sources.take.from", { layer: capital(t(`sources.layers.${layer}`)), title: piece.source.facts.title })}
                    />
                  ) : (
                    <span className="grid h-11 place-items-center text-muted">
                      <span aria-hidden="true">–</span>
                      <span className="sr-only">{t("sources.take.lacks", { title: piece.source.facts.title })}</span>
                    </span>
                  )}
                </td>
              ))}
              <td>
                <Dot layer={layer} from={NEW} on={take[layer] === NEW} colour="var(--ink)" label={t("sources.take.new", { layer: capital(t(`sources.layers.${layer}`)) })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Said pieces={pieces} take={take} />
    </section>
  );
}

interface DotProps {
  layer: Layer;
  from: string;
  on: boolean;
  colour: string;
  label: string;
}

/** A place to plug a layer in: a radio button as large as a thumb. */
function Dot({ layer, from, on, colour, label }: DotProps) {
  const choose = useDesk((state) => state.choose);
  return (
    <label className="relative grid h-11 cursor-pointer place-items-center rounded-lg hover:bg-sunken has-focus-visible:outline-3 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent">
      <input type="radio" className="absolute inset-0 size-full cursor-pointer opacity-0" name={`take-${layer}`} value={from} checked={on} aria-label={label} onChange={() => choose(layer, from)} />
      <span aria-hidden="true" className="grid size-7 place-items-center rounded-full border-2 text-paper" style={on ? { background: colour, borderColor: colour } : { borderColor: "var(--edge)" }}>
        {on && <Icon name="check" className="size-4.5" />}
      </span>
    </label>
  );
}

/** The choice in words, so that it can be read out and read over. */
function Said({ pieces, take }: TakeMatrixProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const groups = groupsOf(
    take,
    pieces.map((piece) => piece.source),
  );
  const title = (id: string) => pieces.find((piece) => piece.source.id === id)?.source.facts.title ?? "";
  const said = groups.map(({ from, layers }) =>
    t("sources.take.said", {
      layers: capital(formatList(layers.map((layer) => t(`sources.layers.${layer}`)), language)),
      from: from === NEW ? t("sources.take.freshLong") : t("sources.take.title", { title: title(from) }),
    }),
  );
  return (
    <p aria-live="polite" className="mt-3 border-t-2 border-ink pt-2 leading-snug">
      {groups.every(({ from }) => from === NEW) ? t("sources.take.nothing") : said.join(" ")}
    </p>
  );
}
