// What a teacher does with the piece: shows a claim, prints the plan, asks the questions, changes the piece, shares it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BASE, launch, level, makePiece, position, scoreDrawn, until, visitor } from "./harness.mjs";

describe("teaching with a piece", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  it("plays and lights the bars of a claim that is pressed, and stops at their end", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    await scoreDrawn(page);
    await page.keyboard.press("Shift+Digit2");
    await page.getByRole("tabpanel").locator("button[aria-pressed]").first().click();
    await until(() => page.evaluate(() => document.querySelectorAll(".score rect.bar-lit").length > 0), "lit bars");
    await until(async () => (await level(page)) > 0.003, "sound");
    await context.close();
  });

  it("prints the lesson plan: as a page from any tab, and as the server's file", async () => {
    const { context, page } = await visitor(browser);
    const id = await makePiece(page);
    const printed = await page.pdf({ format: "A4" });
    assert.equal(printed.subarray(0, 5).toString(), "%PDF-");
    assert.ok(printed.length > 10_000, `${printed.length} bytes`);
    await page.emulateMedia({ media: "print" });
    const text = await page.locator("article:visible").innerText();
    assert.match(text, /45 minutes/);
    const minutes = [...text.matchAll(/(\d+) min\b/g)].reduce((sum, match) => sum + Number(match[1]), 0);
    assert.equal(minutes, 45, "the steps add up to the period");
    assert.equal(await page.getByRole("button").filter({ visible: true }).count(), 0, "no buttons on paper");
    const file = await context.request.get(`${BASE}/api/v1/mashup/${id}/export/lesson.pdf?language=es`);
    assert.equal(file.status(), 200);
    assert.equal((await file.body()).subarray(0, 5).toString(), "%PDF-");
    await context.close();
  });

  it("prints the score, and a part of it, on sheets of paper", async () => {
    const { context, page, faults } = await visitor(browser);
    await makePiece(page);
    await scoreDrawn(page);
    // The dialogue of the printer would wait for a person.
    await page.evaluate(() => (window.print = () => (window.printed = (window.printed ?? 0) + 1)));
    const sheets = async (choose) => {
      const before = await page.evaluate(() => window.printed ?? 0);
      await page.getByRole("button", { name: "Download" }).click();
      await choose();
      await until(() => page.evaluate((n) => (window.printed ?? 0) > n, before), "the printer is asked", 60_000);
      const staves = await page.evaluate(() => document.querySelector(".score-sheets g.measure").querySelectorAll("g.staff").length);
      const pages = await page.evaluate(() => document.querySelectorAll(".score-sheets > svg").length);
      const head = await page.evaluate(() => document.querySelector(".score-sheets > svg .pgHead")?.textContent ?? "");
      const title = await page.title();
      assert.ok(head.includes(title.split(",")[0]), `the title is on the first sheet: ${head}`);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
      const size = pdf.match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/).slice(1).map(Number);
      assert.ok(Math.abs(size[0] - 595) < 2 && Math.abs(size[1] - 842) < 2, `A4, not ${size}`);
      assert.equal([...pdf.matchAll(/\/Type \/Page\b/g)].length, pages, "a page a sheet");
      // Making the file ends the printing, as closing the dialogue does.
      assert.equal(await page.locator(".score-sheets").count(), 0);
      return { staves, pages, title };
    };
    const whole = await sheets(() => page.getByRole("menuitem", { name: /^Print the score/ }).click());
    assert.ok(whole.staves >= 4 && whole.pages >= 2, JSON.stringify(whole));
    const part = await sheets(async () => {
      await page.getByRole("menuitem", { name: "Print a part" }).press("ArrowRight");
      await page.getByRole("menuitem").last().waitFor();
      await page.getByRole("menuitem", { name: /bass/i }).first().press("Enter");
    });
    assert.equal(part.staves, 1);
    assert.ok(part.pages < whole.pages && /bass/i.test(part.title), JSON.stringify(part));
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("plays the quiz to its end by keyboard alone", async () => {
    const { context, page, faults } = await visitor(browser);
    const id = await makePiece(page);
    const piece = await (await context.request.get(`${BASE}/api/v1/mashup/${id}`)).json();
    const { items } = piece.learning_assessment;
    assert.ok(items.length >= 8 && new Set(items.map((item) => item.task.kind)).size >= 4);
    await page.keyboard.press("Shift+Digit5");
    const tabTo = async (name) => {
      const wanted = page.getByRole("button", { name });
      await wanted.waitFor();
      for (let i = 0; i < 60; i += 1) {
        if (await wanted.evaluate((node) => node === document.activeElement)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`the keyboard does not reach ${name}`);
    };
    await tabTo("Start the quiz");
    await page.keyboard.press("Enter");
    for (const [at, item] of items.entries()) {
      await page.getByRole("heading", { name: item.prompt.en }).waitFor();
      await answer(page, item.task);
      await tabTo("Check");
      await page.keyboard.press("Enter");
      await page.getByText("Right.", { exact: true }).waitFor({ timeout: 5000 }).catch(() => assert.fail(`item ${at + 1} (${item.task.kind}) was answered by its key`));
      await tabTo(at + 1 < items.length ? "Next question" : "See the result");
      await page.keyboard.press("Enter");
    }
    const most = items.reduce((sum, item) => sum + item.points, 0);
    await page.getByRole("heading", { name: `${most} of ${most} points` }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("remixes with one press, tells what changed, and undoes it", async () => {
    const { context, page } = await visitor(browser);
    const first = await makePiece(page);
    const original = await (await context.request.get(`${BASE}/api/v1/mashup/${first}`)).json();
    await page.getByRole("button", { name: "Slower", exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(first));
    const second = page.url().split("/").pop();
    await page.getByRole("heading", { name: "What changed" }).waitFor();
    const remixed = await (await context.request.get(`${BASE}/api/v1/mashup/${second}`)).json();
    assert.equal(remixed.parent_id, first);
    assert.ok(remixed.score.tempo_bpm < original.score.tempo_bpm);
    assert.equal(remixed.score.key, original.score.key, "what was not asked to change stays");
    await page.getByRole("button", { name: /^Undo/ }).click();
    await page.waitForURL((url) => url.pathname.endsWith(first));
    await context.close();
  });

  it("renames, shares, deletes and takes the deletion back", async () => {
    const { context, page } = await visitor(browser);
    const id = await makePiece(page);
    await page.getByRole("button", { name: "Change the title" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("Ninth Street");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Ninth Street" }).waitFor();
    await page.getByRole("button", { name: "Share" }).click();
    await page.locator("button[aria-pressed=true]", { hasText: "Share" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(`${BASE}/`);
    assert.equal((await context.request.get(`${BASE}/api/v1/mashup/${id}`)).status(), 404);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForURL(/\/studio\//);
    const back = await (await context.request.get(`${BASE}/api/v1/mashup/${id}`)).json();
    assert.equal(back.title, "Ninth Street");
    assert.equal(back.shared, true);
    await context.close();
  });

  it("shows a refusal at the field, with what to do", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    await page.locator("#prompt").fill("short");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.locator("#prompt").getAttribute("aria-invalid"), "true");
    assert.ok(await page.locator("#prompt").getAttribute("aria-describedby"));
    await context.close();
  });

  it("says in the reader's language what went wrong, and what still works", async () => {
    const { context, page } = await visitor(browser, { language: "es", size: "phone" });
    await page.goto(BASE);
    await page.locator("#prompt").fill("🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵");
    await page.keyboard.press("Enter");
    const alert = page.locator("form [role=alert]");
    await alert.getByText("Usa palabras").waitFor();
    const box = await alert.boundingBox();
    assert.ok(box && box.y > 0 && box.y + box.height <= 740, "the message is in sight");
    await page.route("**/api/**", (route) => route.abort());
    await page.reload();
    await page.getByText("No se pudieron cargar tus piezas").waitFor({ timeout: 20_000 });
    await page.unroute("**/api/**");
    await page.getByRole("button", { name: "Intentar de nuevo" }).click();
    await page.getByText("Todavía no hay nada").waitFor();
    await page.getByRole("button", { name: "Probar un ejemplo" }).click();
    assert.match(await page.locator("#prompt").inputValue(), /Jazz y hip-hop/);
    await context.close();
  });

  it("opens every tab at its top and keeps the place in the quiz", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    const panel = page.locator("[role=tablist]").locator("..");
    await panel.evaluate((node) => node.scrollTo(0, 900));
    await page.keyboard.press("Shift+Digit2");
    await until(() => panel.evaluate((node) => node.scrollTop === 0), "the top of the tab");
    await page.keyboard.press("Shift+Digit5");
    await page.getByRole("button", { name: "Start the quiz" }).click();
    const asked = await page.getByRole("tabpanel").getByRole("heading").first().innerText();
    await page.keyboard.press("Shift+Digit3");
    await page.getByRole("tabpanel").getByRole("heading", { name: "People" }).first().waitFor();
    await page.keyboard.press("Shift+Digit5");
    assert.equal(await page.getByRole("tabpanel").getByRole("heading").first().innerText(), asked);
    await context.close();
  });

  it("shows on a phone what a remix changed, with its undo", async () => {
    const { context, page } = await visitor(browser, { size: "phone" });
    const first = await makePiece(page);
    await page.getByRole("button", { name: "Slower", exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(first));
    const heading = page.getByRole("heading", { name: "What changed" });
    await heading.waitFor();
    await until(async () => {
      const box = await heading.boundingBox();
      return box !== null && box.y > 0 && box.y < 560;
    }, "the changes in sight");
    await context.close();
  });

  it("plays on where it is when the title changes", async () => {
    const { context, page } = await visitor(browser);
    await makePiece(page);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await until(async () => (await level(page)) > 0.005, "sound");
    await page.getByRole("button", { name: "Change the title" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("While it plays");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "While it plays" }).waitFor();
    const before_ = await position(page);
    await until(async () => (await position(page)) > before_ + 0.5, "the music going on");
    await context.close();
  });
});

/** Answers a question rightly with keys only. */
async function answer(page, task) {
  const focusIn = async (locator) => {
    for (let i = 0; i < 40; i += 1) {
      if (await locator.evaluate((node) => node === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error("the keyboard does not reach a field of the question");
  };
  switch (task.kind) {
    case "multiple_choice":
      return page.keyboard.press(String(task.key + 1));
    case "multiple_select":
      for (const index of task.key) await page.keyboard.press(String(index + 1));
      return undefined;
    case "true_false":
      return page.keyboard.press(task.key ? "1" : "2");
    case "numeric":
    case "short_text":
      await focusIn(page.locator("form input.field"));
      return page.keyboard.type(String(task.kind === "numeric" ? task.key : task.accepted[0]));
    case "ordering":
      return order(page, task, focusIn);
    case "matching":
      for (const [i, index] of task.key.entries()) {
        await focusIn(page.locator("form select").nth(i));
        for (let press = 0; press <= index; press += 1) await page.keyboard.press("ArrowDown");
      }
      return undefined;
  }
}

/** Sorts by moving each entry up to its place. */
async function order(page, task, focusIn) {
  const now = task.entries.map((_, i) => i);
  for (const [place, index] of task.key.entries()) {
    for (let at = now.indexOf(index); at > place; at -= 1) {
      await focusIn(page.locator("form ol li").nth(at).locator("button").first());
      await page.keyboard.press("Enter");
      now.splice(at, 1);
      now.splice(at - 1, 0, index);
    }
  }
}
