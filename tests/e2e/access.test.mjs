// Both screens for everybody: axe in two languages, two themes and two widths; narrow screens; the keyboard.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BASE, axeFindings, launch, makePiece, scoreDrawn, visitor } from "./harness.mjs";

// Two at a time: every test has a visitor of its own, and a page is mostly waited for.
describe("for everybody", { concurrency: 2 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  for (const language of ["en", "es"])
    for (const theme of ["light", "dark"])
      for (const size of ["phone", "laptop"])
        it(`axe finds nothing: ${language}, ${theme}, ${size}`, async () => {
          const { context, page, faults } = await visitor(browser, { language, theme, size, reducedMotion: "reduce" });
          await page.goto(BASE);
          await page.locator("#prompt").waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.lang), language);
          await page.getByRole("button", { name: language === "en" ? "More choices" : "Más opciones" }).click();
          assert.deepEqual(await axeFindings(page), [], "home");
          await makePiece(page);
          await scoreDrawn(page);
          assert.deepEqual(await axeFindings(page), [], "studio");
          for (const tab of [2, 3, 4, 5]) {
            await page.keyboard.press(`Shift+Digit${tab}`);
            await page.locator("[role=tabpanel]:not([hidden])").waitFor();
            assert.deepEqual(await axeFindings(page), [], `studio, tab ${tab}`);
          }
          await page.locator("[role=tabpanel] button").first().click();
          assert.deepEqual(await axeFindings(page), [], "studio, a question");
          assert.deepEqual(faults, []);
          await context.close();
        });

  it("needs no sideways scrolling at 320 pixels", async () => {
    const { context, page } = await visitor(browser);
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.goto(BASE);
    await page.locator("#prompt").waitFor();
    assert.equal(await overflow(), 0, "home");
    await makePiece(page);
    await scoreDrawn(page);
    for (const tab of [1, 2, 3, 4, 5]) {
      await page.keyboard.press(`Shift+Digit${tab}`);
      assert.equal(await overflow(), 0, `studio, tab ${tab}`);
    }
    await context.close();
  });

  it("offers targets of at least 44 pixels", async () => {
    const { context, page } = await visitor(browser, { size: "phone" });
    await makePiece(page);
    await scoreDrawn(page);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, select, [role=slider], a.btn")]
        .filter((node) => node.checkVisibility() && !node.closest(".skip"))
        .map((node) => [node.getAttribute("aria-label") ?? node.textContent.trim(), node.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
        .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`),
    );
    assert.deepEqual(small, []);
    await context.close();
  });

  it("opens help, palette and the wall by key, and closes them by Escape", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    for (const [key, heading] of [
      ["?", "Keyboard"],
      ["Control+k", "Commands"],
    ]) {
      await page.keyboard.press(key);
      await page.getByRole("dialog", { name: heading }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.keyboard.press("w");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await context.close();
  });

  it("keeps the chosen theme, language and note names", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("radio", { name: "Español" }).click();
    await page.getByRole("radio", { name: "Oscuro" }).click();
    await page.getByRole("radio", { name: "do re mi" }).click();
    await page.reload();
    await page.locator("#prompt").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await context.close();
  });
});
