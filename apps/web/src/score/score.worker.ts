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

/** One long page: the browser scrolls better than a page turns. */
function options({ width, scale }: EngraveRequest): Record<string, unknown> {
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
  };
}

self.onmessage = async ({ data }: MessageEvent<EngraveRequest>) => {
  const answer = (engraved: Engraved) => self.postMessage(engraved);
  try {
    toolkit ??= open();
    const engraver = await toolkit;
    if (data.musicxml === "") return;
    engraver.setOptions(options(data));
    if (loaded === data.musicxml) engraver.redoLayout();
    else {
      if (!engraver.loadData(data.musicxml)) throw new Error("the engraver cannot read this score");
      loaded = data.musicxml;
    }
    const pages = Array.from({ length: engraver.getPageCount() }, (_, i) => engraver.renderToSVG(i + 1));
    answer({ id: data.id, pages });
  } catch (error) {
    answer({ id: data.id, error: error instanceof Error ? error.message : String(error) });
  }
};
