// The main promise: one sentence typed, and within ten seconds the class hears a piece while its score moves.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BASE, SENTENCE, launch, level, makePiece, position, scoreDrawn, until, visitor } from "./harness.mjs";

describe("from a sentence to music", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  it("sounds within ten seconds of the typed sentence, and not before it is asked to", async () => {
    const { context, page, faults } = await visitor(browser);
    await page.goto(BASE);
    await page.locator("#prompt").fill(SENTENCE);
    const start = Date.now();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/studio\//);
    const play = page.getByRole("button", { name: "Play", exact: true });
    await play.waitFor();
    assert.equal(await level(page), 0, "nothing plays by itself");
    await play.click();
    await until(async () => (await level(page)) > 0.005, "sound");
    const took = Date.now() - start;
    assert.ok(took < 10_000, `it took ${took} ms`);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("names each agent's step while it happens", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    const seen = page.evaluate(
      () =>
        new Promise((resolve) => {
          const steps = new Set();
          const look = () => {
            for (const line of document.querySelectorAll("ol[aria-live] li")) steps.add(line.textContent.split(/\d/)[0].trim());
            if (location.pathname.startsWith("/studio/")) resolve([...steps]);
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await page.locator("#prompt").fill(SENTENCE);
    await page.keyboard.press("Enter");
    const steps = await seen;
    for (const step of ["Reading who it is for", "Weighing the styles", "Finding hooks", "Writing words and parts", "Checking every claim"]) {
      assert.ok(steps.includes(step), `${step} is among ${steps.join(", ")}`);
    }
    await context.close();
  });

  it("moves a highlight through the score with the music, and stops with it", async () => {
    const { context, page, faults } = await visitor(browser);
    await makePiece(page);
    await scoreDrawn(page);
    await page.keyboard.press(" ");
    const sounding = () => page.evaluate(() => [...document.querySelectorAll(".score .is-sounding")].map((note) => note.id || note.querySelector("[id]")?.id).join());
    const first = await until(sounding, "a lit note");
    await until(async () => {
      const now = await sounding();
      return now !== "" && now !== first;
    }, "another lit note");
    const bar = () => page.evaluate(() => [...document.querySelectorAll(".score g.measure")].findIndex((measure) => measure.querySelector("rect.bar-now")));
    const early = await bar();
    await until(async () => (await bar()) > early, "the next bar", 15_000);
    await page.keyboard.press(" ");
    const stopped = await position(page);
    await page.waitForTimeout(400);
    assert.equal(await position(page), stopped);
    assert.equal(await sounding(), "");
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("silences a muted mix, seeks by bar, loops a section and changes tempo without losing its place", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    const ribbon = page.getByRole("slider", { name: "Place in the piece" });
    await ribbon.focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowRight");
    assert.equal(await ribbon.getAttribute("aria-valuenow"), "6");
    await page.getByRole("button", { name: "Loop this section" }).click();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await until(async () => (await level(page)) > 0.005, "sound");
    const before = await position(page);
    await page.getByRole("combobox", { name: "Tempo" }).selectOption("1.5");
    const after_ = await position(page);
    assert.ok(Math.abs(after_ - before) < 6, `${before} and then ${after_}`);
    for (const mute of await page.getByRole("button", { name: /^Mute: / }).all()) await mute.click();
    await until(async () => (await level(page)) < 0.002, "silence");
    await context.close();
  });

  it("tells why a note is there when it is pressed", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    await scoreDrawn(page);
    await page.locator(".score g.note g.notehead").first().click();
    await page.getByText("Why is this note here?").waitFor();
    await context.close();
  });
});
