// The main promise: one sentence typed, and within ten seconds the class hears a piece while its score moves.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BASE, SENTENCE, launch, level, makePiece, position, scoreDrawn, until, visitor } from "./harness.mjs";

describe("from a sentence to music", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  it("makes a piece of the typed sentence that sounds when it is asked to, and not before", async (test) => {
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
    test.diagnostic(`from the sentence to the sound ${Date.now() - start} ms`);
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
    await until(async () => (await ribbon.getAttribute("aria-valuenow")) === "6", "bar 6");
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

  for (const [size, language] of [
    ["phone", "es"],
    ["wall", "en"],
  ])
    it(`keeps the texts of the score apart: ${size}, ${language}`, async () => {
      const { context, page } = await visitor(browser, { size, language });
      await makePiece(page);
      await scoreDrawn(page);
      const crossed = await until(
        () =>
          page.evaluate(() => {
            const score = document.querySelector(".score");
            const tags = [...score.querySelectorAll("g.reh")];
            // The tags get their size when the fonts are there.
            if (tags.length === 0 || tags.some((tag) => !tag.querySelector("rect[rx]"))) return undefined;
            const boxes = [...tags, ...score.querySelectorAll("g.harm")].map((node) => [node.textContent.trim(), node.getBoundingClientRect()]);
            const found = [];
            for (const [i, [name, a]] of boxes.entries())
              for (const [other, b] of boxes.slice(i + 1))
                if (a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1) found.push(`${name} and ${other}`);
            for (const tag of tags) {
              const [frame, text] = [tag.querySelector("rect"), tag.querySelector("text")].map((node) => node.getBoundingClientRect());
              if (text.left < frame.left || text.right > frame.right) found.push(`${tag.textContent.trim()} and its frame`);
            }
            return { found };
          }),
        "the tags of the sections",
      );
      assert.deepEqual(crossed.found, []);
      await context.close();
    });

  it("keeps the line of the score that sounds in sight, from its first bar to its last", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    await scoreDrawn(page);
    for (let bar = 1; bar < 12; bar += 1) {
      await page.keyboard.press("ArrowRight");
      await until(
        () =>
          page.evaluate((at) => {
            const view = document.querySelector(".score").getBoundingClientRect();
            const now = document.querySelectorAll(".score g.measure")[at];
            if (!now.querySelector("rect.bar-now")) return false;
            const system = now.closest("g.system").getBoundingClientRect();
            // A line that is whole in sight stays where it is; any other begins at the top.
            const whole = system.bottom <= view.bottom + 1;
            return system.top >= view.top - 1 && (whole || system.top < view.top + view.height / 2);
          }, bar),
        `the line of bar ${bar + 1}`,
      );
    }
    await context.close();
  });

  it("puts the play button under the thumb, and tells why a note is there by keys alone", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    await scoreDrawn(page);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Play");
    await page.keyboard.press("n");
    await page.getByText("Why is this note here?").waitFor();
    const first = await page.evaluate(() => document.querySelector(".score .is-selected")?.id);
    await page.keyboard.press("n");
    await until(() => page.evaluate((id) => (document.querySelector(".score .is-selected")?.id ?? id) !== id, first), "the next note");
    await context.close();
  });

  it("shows its first words before the server has answered anything", async (test) => {
    const { context, page } = await visitor(browser);
    await page.route("**/api/**", () => undefined);
    await page.goto(BASE);
    await page.locator("h1").waitFor();
    await page.getByRole("textbox").first().fill("Jazz");
    const painted = await until(() => page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime), "the first paint");
    test.diagnostic(`first paint after ${Math.round(painted)} ms`);
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
