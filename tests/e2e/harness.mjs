// What every browser test needs: a real Chromium, visitors who do not share cookies, and a piece to work on.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const BASE = (process.env.E2E_BASE_URL ?? process.env.EDUAI_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
export const SENTENCE = "Jazz and hip-hop for ninth graders, 45 minutes";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const SIZES = { phone: { width: 360, height: 740 }, laptop: { width: 1366, height: 768 }, wall: { width: 1920, height: 1080 } };

/** Starts a browser; playwright gives it a fresh profile and removes it afterwards. */
export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

/**
 * A visitor of their own: no cookie is shared with anybody else. Whatever the page logs as an error, throws, or is refused
 * by its security policy is collected in `faults`, which a test should find empty.
 */
export async function visitor(browser, { size = "laptop", language = "en", theme = "light", reducedMotion = "no-preference" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], locale: language, colorScheme: theme, reducedMotion });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`logged: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(BASE) && !/^(data|blob):/.test(request.url())) faults.push(`asked elsewhere: ${request.url()}`);
  });
  return { context, page, faults };
}

/** Types the sentence, presses the one button, and waits until the studio is there. */
export async function makePiece(page, sentence = SENTENCE) {
  await page.goto(BASE);
  await page.getByRole("textbox").first().fill(sentence);
  await page.locator("button[type=submit]").click();
  return inStudio(page);
}

/**
 * Waits until the studio is on the screen, and gives the piece's id. The address changes while the page before is still
 * drawn, heading and all: only what the studio alone has tells that it is there.
 */
export async function inStudio(page) {
  await page.waitForURL(/\/studio\/[^/]+$/, { timeout: 30_000 });
  await page.locator("#content [role=tablist]").waitFor();
  return page.url().split("/").pop();
}

export async function scoreDrawn(page) {
  await page.locator(".score g.measure").first().waitFor({ state: "attached", timeout: 60_000 });
}

/** The level of what leaves the audio graph: see `exposeAudio` in the web app. */
export const level = (page) => page.evaluate(() => window.__eduaiAudio?.level() ?? 0);
export const position = (page) => page.evaluate(() => window.__eduaiAudio?.position() ?? 0);

/** Waits until `probe` gives something true, and returns it. */
export async function until(probe, what, patience = 10_000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong, one line for each element. */
export async function axeFindings(page) {
  // Colours in the middle of a fade are nobody's colours.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
  // Through the debugger, so that the page's own security policy stays as strict as it is.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1] ?? ""}`));
}
