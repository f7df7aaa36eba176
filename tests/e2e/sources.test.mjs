// Pieces of one's own: dropped, looked into, heard, taken apart; and what the studio tells of what was borrowed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { BASE, axeFindings, inStudio, launch, level, position, scoreDrawn, until, visitor } from "./harness.mjs";

const fixture = (name) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const ODE = "ode-to-joy.abc";
const BUS = "night-bus.musicxml";

/** Drops files on an element, as a hand does that drags them from a folder. */
async function drop(page, selector, names) {
  const files = names.map((name) => ({ name, text: readFileSync(fixture(name), "utf8") }));
  const held = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, text } of list) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  for (const event of ["dragenter", "dragover"]) await page.dispatchEvent(selector, event, { dataTransfer: held });
  await page.getByText("Let go: it is read on the spot.").waitFor();
  await page.dispatchEvent(selector, "drop", { dataTransfer: held });
}

async function choose(page, ...names) {
  await page.locator("input[type=file]").setInputFiles(names.map(fixture));
}

/** Chooses files, says that they are free, and waits until each has its card. */
async function bring(page, ...names) {
  await choose(page, ...names);
  await page.getByRole("radio", { name: "It belongs to everybody" }).check();
  await page.getByRole("button", { name: "Bring it in" }).click();
  await until(async () => (await page.getByRole("article").count()) === names.length, "a card for each piece");
}

async function openStudio(page) {
  await page.locator("form button[type=submit]").last().click();
  const id = await inStudio(page);
  return (await page.request.get(`${BASE}/api/v1/mashup/${id}`)).json();
}

describe("pieces of one's own", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  it("are dropped on the form, asked whose they are, shown, heard, and made into a mashup that names them", async () => {
    const { context, page, faults } = await visitor(browser);
    const sent = [];
    page.on("request", (request) => request.method() === "POST" && request.url().includes("/mashup/sources") && sent.push(request.url()));
    await page.goto(BASE);
    await drop(page, "#prompt", [ODE, BUS]);

    await page.getByRole("group", { name: "Whose music are these 2 files?" }).waitFor();
    await page.getByRole("button", { name: "Bring it in" }).click();
    await page.getByText("Choose one of the four answers.").waitFor();
    await page.getByRole("radio", { name: "It has an open licence" }).check();
    await page.getByRole("button", { name: "Bring it in" }).click();
    await page.getByText("An open licence asks for it").waitFor();
    assert.deepEqual(sent, [], "nothing is sent before the question is answered");
    await page.getByRole("textbox", { name: "Who is to be named?" }).fill("Class 3B, CC BY 4.0");
    await page.keyboard.press("Enter");

    const ode = page.getByRole("article", { name: "Ode to Joy" });
    const bus = page.getByRole("article", { name: "Night Bus" });
    await ode.waitFor();
    await bus.waitFor();
    for (const fact of ["Ludwig van Beethoven", "Class 3B, CC BY 4.0", "D major", "4/4", "112 bpm", "16 bars", "0:34"]) await ode.getByText(fact).first().waitFor();
    assert.deepEqual(await ode.getByRole("list", { name: "Form of “Ode to Joy”" }).getByRole("listitem").count(), 4);
    const chords = ode.getByRole("region", { name: "Chords of “Ode to Joy”, bar by bar" });
    assert.equal(await chords.getByRole("listitem").count(), 16);
    assert.match(await chords.getByRole("listitem").nth(8).innerText(), /9\s*A7\s*V7\s*D\s*I/);
    await bus.getByText("Not in it: chords").waitFor();

    assert.equal(await level(page), 0, "nothing plays by itself");
    await ode.getByRole("button", { name: "Play “Ode to Joy”" }).click();
    await until(async () => (await level(page)) > 0.005, "sound");
    await bus.getByRole("button", { name: "Play “Night Bus”" }).click();
    await ode.getByRole("button", { name: "Play “Ode to Joy”" }).waitFor();
    await until(async () => (await level(page)) > 0.005, "sound of the other");
    await bus.getByRole("button", { name: "Stop “Night Bus”" }).click();

    const radio = (name) => page.getByRole("radio", { name, exact: true });
    for (const name of ["Melody: from “Ode to Joy”", "Chords: from “Ode to Joy”", "Bass: from “Night Bus”", "Drums: from “Night Bus”"]) assert.ok(await radio(name).isChecked(), name);
    assert.equal(await radio("Bass: from “Ode to Joy”").count(), 0, "it has no bass to give");
    await radio("Bass: made new").check();
    await page.getByText("Melody and chords: “Ode to Joy”. Drums: “Night Bus”. Bass: made new in the styles of your sentence.").waitFor();
    assert.equal(await page.locator("#prompt").inputValue(), "“Ode to Joy” as jazz and hip-hop, 45 minutes");

    const piece = await openStudio(page);
    assert.deepEqual(
      piece.credits.map(({ title, layers }) => [title, layers]),
      [
        ["Ode to Joy", ["melody", "chords"]],
        ["Night Bus", ["drums"]],
      ],
    );
    assert.ok(piece.fittings.length > 0);
    await page.getByRole("button", { name: "With “Ode to Joy” and “Night Bus”" }).click();
    const panel = page.getByRole("region", { name: "What comes from other pieces" });
    await panel.getByText("Melody and chords: “Ode to Joy” — open licence, Class 3B, CC BY 4.0").waitFor();
    for (const { what, why } of piece.fittings) {
      await panel.getByText(what.en).first().waitFor();
      if (why.en) await panel.getByText(why.en).first().waitFor();
    }
    const blend = page.getByRole("table", { name: "Who leads what" });
    assert.match(await blend.getByRole("row", { name: /^Groove/ }).innerText(), /“Night Bus”/);
    assert.match(await blend.getByRole("row", { name: /^Melody/ }).innerText(), /“Ode to Joy”/);
    await page.keyboard.press("n");
    const card = page.getByRole("status").filter({ hasText: "Why is this note here?" });
    await card.getByText("“Ode to Joy”", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await until(async () => (await level(page)) > 0.005, "the mashup");
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("show and play the bars in which they were changed", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    await bring(page, ODE);
    const piece = await openStudio(page);
    assert.ok(piece.fittings.length > 0);
    // Which bars a change concerns is the composer's to say; here the page is told of two that lie apart.
    const bars = [5, 6, 9];
    await page.route(`**/api/v1/mashup/${piece.id}`, async (route) => route.fulfill({ json: { ...piece, fittings: [{ ...piece.fittings[0], bars }] } }));
    await page.reload();
    await scoreDrawn(page);
    await page.getByRole("button", { name: "Play bars 5–6, 9" }).click();
    await until(async () => (await level(page)) > 0.003, "sound");
    assert.equal(await page.evaluate(() => document.querySelectorAll(".score rect.bar-lit").length), 3);
    const start = piece.score.measures.find(({ number }) => number === 5).start;
    assert.ok((await position(page)) >= Number(start), "it begins at the first of them");
    assert.equal(await page.getByRole("button", { name: "Play bars 5–6, 9" }).getAttribute("aria-pressed"), "true");
    await context.close();
  });

  it("say kindly that a tune came without words, and number its phrases", async () => {
    const { context, page, faults } = await visitor(browser);
    await page.goto(BASE);
    await bring(page, ODE);
    const piece = await openStudio(page);
    assert.ok(piece.hooks.every((hook) => hook.text === ""));
    await page.getByRole("button", { name: "Hear this hook: Phrase 1" }).waitFor();
    await page.getByText("There are no words: the melody of “Ode to Joy” came without any.").waitFor();
    await page.getByText("This piece has no words.").waitFor();
    await page.emulateMedia({ media: "print" });
    assert.match(await page.locator("article:visible").innerText(), /Melody and chords: “Ode to Joy” — public domain/, "the plan on paper names it too");
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("leave the sentence to the person, and may be left out again", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    await page.locator("#prompt").fill("A slow blues for the whole class");
    await bring(page, ODE);
    assert.equal(await page.locator("#prompt").inputValue(), "A slow blues for the whole class");
    await page.getByRole("button", { name: "Blues + classical" }).click();
    assert.equal(await page.locator("#prompt").inputValue(), "“Ode to Joy” as blues and classical, one lesson");
    for (const layer of ["Melody", "Chords"]) await page.getByRole("radio", { name: `${layer}: made new` }).check();
    await page.getByText("Nothing is taken: the piece will be all new.").waitFor();
    const piece = await openStudio(page);
    assert.deepEqual(piece.credits, []);
    await context.close();
  });

  it("tell what is wrong with a file and what to do, and keep the others", async () => {
    const { context, page } = await visitor(browser, { size: "phone" });
    await page.goto(BASE);
    await page.locator("input[type=file]").setInputFiles([
      { name: "broken.musicxml", mimeType: "text/xml", buffer: Buffer.from("<score-partwise><part-list><score-part") },
      { name: "rests.abc", mimeType: "text/plain", buffer: Buffer.from("X:1\nT:Rests\nM:4/4\nL:1/4\nK:C\nz4 | z4 |]\n") },
      { name: "choir.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3") },
      { name: "tune.abc", mimeType: "text/plain", buffer: readFileSync(fixture(ODE)) },
    ]);
    await page.getByText("This is a recording. Notes are needed").waitFor();
    await page.getByRole("radio", { name: "We made it" }).check();
    await page.getByRole("button", { name: "Bring it in" }).click();
    await page.getByRole("article", { name: "Ode to Joy" }).waitFor();
    const broken = page.getByRole("alert").filter({ hasText: "broken.musicxml" });
    await broken.getByText("Open it in a music program and export it again as MusicXML or MIDI.").waitFor();
    await broken.getByText("What the reader found").click();
    await broken.getByText(/broken\.musicxml cannot be read: .+/).waitFor();
    await page.getByRole("alert").filter({ hasText: "rests.abc" }).getByText("There are no notes in this file.").waitFor();
    await broken.getByRole("button", { name: "Take broken.musicxml off this list" }).click();
    await broken.waitFor({ state: "detached" });
    await context.close();
  });

  it("can be read tune by tune, deleted, brought back, and picked again another day", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    await bring(page, "two-tunes.abc");
    const tune = page.getByRole("combobox", { name: "Which tune of the file?" });
    assert.deepEqual(await tune.locator("option").allInnerTexts(), ["1. Hot Cross Buns", "2. Mary Had a Little Lamb"]);
    await tune.selectOption("2");
    await page.getByRole("article", { name: "Mary Had a Little Lamb" }).waitFor();
    assert.equal(await page.getByRole("article").count(), 1);
    assert.equal(await page.locator("#prompt").inputValue(), "“Mary Had a Little Lamb” as jazz and hip-hop, 45 minutes");

    await page.getByRole("button", { name: "Delete “Mary Had a Little Lamb”" }).click();
    await page.getByRole("article").waitFor({ state: "detached" });
    assert.equal(await page.locator("#prompt").inputValue(), "");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("article", { name: "Mary Had a Little Lamb" }).waitFor();

    await page.reload();
    await page.getByRole("button", { name: "Brought before" }).click();
    const list = page.getByRole("list", { name: "Brought before" });
    await list.getByText("Mary Had a Little Lamb").waitFor();
    assert.equal(await list.getByRole("listitem").count(), 1, "a tune that was only leafed past is not kept");
    await list.getByRole("button", { name: "Use: Mary Had a Little Lamb" }).click();
    await page.getByRole("article", { name: "Mary Had a Little Lamb" }).waitFor();
    await list.getByRole("button", { name: "On the table: Mary Had a Little Lamb" }).click();
    await page.getByRole("article").waitFor({ state: "detached" });
    await context.close();
  });

  it("are brought by keys alone", async () => {
    const { context, page } = await visitor(browser);
    await page.goto(BASE);
    const asked = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose files" }).focus();
    await page.keyboard.press("Enter");
    await (await asked).setFiles([fixture(ODE)]);
    await page.getByRole("group", { name: "Whose music is ode-to-joy.abc?" }).waitFor();
    await page.locator("#prompt").fill("Jazz and hip-hop for ninth graders");
    await page.keyboard.press("Enter");
    await page.getByText("Say first whose music the files are").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    assert.ok(await page.getByRole("radio", { name: "We made it" }).isChecked());
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Ode to Joy" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "sources-heading", "the keyboard goes on where the question was");
    await page.getByRole("radio", { name: "Melody: from “Ode to Joy”" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.ok(await page.getByRole("radio", { name: "Melody: made new" }).isChecked());
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).pathname, "/", "Enter in a choice does not send the sentence");
    await context.close();
  });

  for (const language of ["en", "es"])
    for (const theme of ["light", "dark"])
      for (const size of ["phone", "laptop"])
        it(`axe finds nothing: ${language}, ${theme}, ${size}`, async () => {
          const { context, page, faults } = await visitor(browser, { language, theme, size, reducedMotion: "reduce" });
          const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          await page.goto(BASE);
          await choose(page, ODE, BUS);
          await page.locator("input[name=licence]").nth(1).check();
          assert.deepEqual(await axeFindings(page), [], "the question");
          await page.locator("fieldset .btn-solid").click();
          await until(async () => (await page.getByRole("article").count()) === 2, "two cards");
          await page.getByRole("button", { name: language === "en" ? "Brought before" : "Traídas antes" }).click();
          await page.locator("ul.divide-y li").first().waitFor();
          assert.deepEqual(await axeFindings(page), [], "the table");
          assert.equal(await overflow(), 0, "no sideways scrolling");
          const small = await page.evaluate(() =>
            [...document.querySelectorAll("form button, form select, form input[type=radio]")]
              .map((node) => [node.getAttribute("aria-label") ?? node.textContent.trim(), (node.closest("label") ?? node).getBoundingClientRect()])
              .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
              .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`),
          );
          assert.deepEqual(small, [], "targets of at least 44 pixels");
          await openStudio(page);
          await scoreDrawn(page);
          assert.deepEqual(await axeFindings(page), [], "the studio");
          assert.deepEqual(faults, []);
          await context.close();
        });
});
