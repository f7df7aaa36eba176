import { VerovioToolkit } from "verovio/esm";
import type { EngraveRequest, Engraved } from "./engraver";

/** The engraver's own file, as it was published: see the build's `verovio` plugin. */
const MODULE = "/vendor/verovio/verovio-module.mjs";

async function open(): Promise<VerovioToolkit> {
  const { default: create } = (await import(/* @vite-ignore */ MODULE)) as { default: () => Promise<unknown> };
  return new VerovioToolkit(await create());
}

let toolkit: Promise<VerovioToolkit> | undefined;
let loaded = "";

/**
 * A sheet of A4. The engraver's staff is 7.2 units of a millimetre high on a page of 210: the page is taken larger by as
 * much as the staves shall be smaller, to 4.6 mm in a score and 6 mm in a player's part (as Gould 2011, *Behind Bars*).
 */
const PAPER = {
  adjustPageHeight: false,
  scale: 100,
  pageMarginLeft: 220,
  pageMarginRight: 180,
  pageMarginTop: 180,
  pageMarginBottom: 180,
  spacingSystem: 10,
  header: "auto",
  footer: "none",
};

const ENLARGED = { score: 1.55, part: 1.2 };

/** One long page: the browser scrolls better than a page turns. On paper it is sheets. */
function options({ width, scale, paper }: EngraveRequest): Record<string, unknown> {
  return {
    pageWidth: Math.round((width * 100) / scale),
    pageHeight: 60_000,
    adjustPageHeight: true,
    scale,
    pageMarginLeft: 110,
    pageMarginRight: 30,
    pageMarginTop: 20,
    pageMarginBottom: 20,
    spacingSystem: 8,
    breaks: "auto",
    header: "none",
    footer: "none",
    svgViewBox: true,
    svgRemoveXlink: true,
    lyricSize: 5.4,
    lyricWordSpace: 1.9,
    ...(paper === undefined ? {} : { ...PAPER, pageWidth: 2100 * ENLARGED[paper], pageHeight: 2970 * ENLARGED[paper] }),
  };
}

self.onmessage = async ({ data }: MessageEvent<EngraveRequest>) => {
  const answer = (engraved: Engraved) => self.postMessage(engraved);
  try {
    toolkit ??= open();
    const engraver = await toolkit;
    if (data.musicxml === "") return;
    engraver.setOptions(options(data));
    // The title of a printed page is made when the score is loaded.
    if (loaded === data.musicxml && data.paper === undefined) engraver.redoLayout();
    else {
      if (!engraver.loadData(data.musicxml)) throw new Error("the engraver cannot read this score");
      loaded = data.paper === undefined ? data.musicxml : "";
    }
    const pages = Array.from({ length: engraver.getPageCount() }, (_, i) => engraver.renderToSVG(i + 1));
    answer({ id: data.id, pages });
  } catch (error) {
    answer({ id: data.id, error: error instanceof Error ? error.message : String(error) });
  }
};
