// Those who run a school, and the children who come in with a code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BASE, axeFindings, launch, visitor } from "./harness.mjs";
import { checkpoints, makePerson, makeSchool, menu, noAccounts, signIn } from "./people.mjs";

describe("a school", { skip: noAccounts }, () => {
  let browser;
  let school;
  let head;
  before(async () => {
    browser = await launch();
    school = makeSchool();
    head = makePerson("school_admin", { institution: school, given: "Carmen", family: "Díaz" });
  });
  after(() => browser?.close());

  it("finds its people, gives them roles, and takes a deletion back", async () => {
    const leo = makePerson("student", { institution: school, given: "Leo", family: "Sanz" });
    makePerson("teacher", { institution: school, given: "Marta", family: "Gil" });
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school" });
    await page.waitForURL(/\/school\/people$/);
    await page.getByRole("searchbox").fill("sanz");
    await page.getByText("Marta Gil").waitFor({ state: "detached" });
    const row = page.getByRole("listitem").filter({ hasText: leo.email });
    await row.getByRole("combobox").selectOption("teacher");
    await page.getByText("Leo Sanz: Teacher now.").waitFor();
    await row.getByRole("button", { name: "More for Leo Sanz" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).last().click();
    await row.waitFor();
    assert.equal(await row.getByRole("combobox").inputValue(), "teacher");
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("invites many at once, and tells of each what became of it", async () => {
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school/invitations" });
    const fresh = `new-${Date.now()}@school.example`;
    await page.getByRole("textbox", { name: "People to invite" }).fill(`email;role;nombre\n${fresh};docente;Eva\n${head.email};teacher;\nno address;teacher;\n${fresh};teacher;`);
    await page.getByText("2 people understood.").waitFor();
    await page.getByText("2 rows are left out").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Send 2 invitations" }).click();
    await page.getByRole("heading", { name: "1 invitation is on its way." }).waitFor();
    await page.getByText("Here already").waitFor();
    await page.getByRole("button", { name: `Take back the invitation of ${fresh}` }).click();
    await page.getByText("No invitation is open.").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("has classes in which children sign in with pictures and numbers", async () => {
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school/classes" });
    await page.getByRole("textbox", { name: "New class" }).fill("4B music");
    await page.getByRole("button", { name: "Make the class" }).click();
    await page.getByRole("heading", { name: "4B music" }).waitFor();
    await page.getByRole("textbox", { name: "Add children" }).fill("Lily\nMax");
    await page.getByRole("button", { name: "Add 2 children" }).click();
    const lily = page.getByRole("listitem").filter({ hasText: "Lily" });
    await lily.getByText("·").waitFor();
    await page.getByRole("radio", { name: "Number" }).click();
    await page.getByRole("textbox", { name: "Add children" }).fill("Zoë");
    await page.getByRole("button", { name: "Add 1 child" }).click();
    const zoe = page.getByRole("listitem").filter({ hasText: "Zoë" });
    await zoe.getByText(/^\d{4}$/).waitFor();
    const pictures = (await lily.getByText("·").innerText()).split(" · ");
    const pin = await zoe.getByText(/^\d{4}$/).innerText();
    const code = (await page.getByText(/^[A-Z0-9]{4} [A-Z0-9]{4}$/).first().innerText()).replace(" ", "");

    // How old they are is known of the youngest alone.
    const age = page.getByRole("combobox", { name: "How old is the youngest?" });
    assert.equal(await age.inputValue(), "0");
    await age.selectOption({ label: "14 years" });
    await page.getByText("The age of the class is kept.").waitFor();
    await page.waitForFunction(() => document.querySelector("select[name=youngest]")?.value === "14");
    assert.deepEqual(await axeFindings(page), []);

    // What is printed has the cards on it and nothing else.
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByText("Add children").isVisible(), false);
    assert.equal(await page.locator("img[src^='data:image/svg']").count(), 3);
    await page.emulateMedia({ media: "screen" });

    const child = await visitor(browser, { size: "phone", language: "es" });
    await child.page.goto(`${BASE}/class`);
    await child.page.getByRole("textbox").fill(`${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`);
    await child.page.keyboard.press("Enter");
    await child.page.getByRole("button", { name: "Lily" }).click();
    const spanish = { Cat: "Gato", Dog: "Perro", Owl: "Búho", Fish: "Pez", Fox: "Zorro", Turtle: "Tortuga", Guitar: "Guitarra", Drum: "Tambor", Piano: "Piano", Trumpet: "Trompeta", Violin: "Violín", Star: "Estrella" };
    // Backwards first: the order counts.
    for (const picture of pictures.toReversed()) await child.page.getByRole("button", { name: spanish[picture] }).click();
    await child.page.getByRole("alert").getByText("No era eso").waitFor();
    assert.deepEqual(await axeFindings(child.page), []);
    for (const picture of pictures) await child.page.getByRole("button", { name: spanish[picture] }).click();
    await menu(child.page, "es").waitFor();
    await child.page.getByRole("textbox").first().waitFor();
    await child.context.close();

    const other = await visitor(browser);
    await other.page.goto(`${BASE}/class?code=${code}`);
    await other.page.getByRole("button", { name: "Zoë" }).click();
    await other.page.getByRole("heading", { name: "Hello, Zoë!" }).waitFor();
    await other.page.keyboard.type(pin);
    await other.page.keyboard.press("Enter");
    await menu(other.page).waitFor();
    await other.context.close();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("chooses its privacy level and its rules, which stay", async () => {
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school/settings" });
    await page.getByRole("radio", { name: /Strict/ }).check();
    await page.getByText("Never asked.").waitFor();
    await page.getByRole("button", { name: "Use “Strict”" }).click();
    await page.getByRole("button", { name: "In force" }).waitFor();
    await page.getByRole("checkbox", { name: /Anybody may make an account/ }).check();
    await page.getByRole("textbox", { name: "Only with addresses of" }).fill("@school.example");
    await page.getByRole("button", { name: "Save" }).last().click();
    await page.getByText("Saved.").last().waitFor();
    await page.reload();
    await page.getByRole("radio", { name: /Strict/, checked: true }).waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Only with addresses of" }).inputValue(), "school.example");
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("takes the signed checkpoints of its audit log away, and holds the log against them", async () => {
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school/audit" });
    await page.getByText("Signed checkpoints").click();
    const file = page.locator("input[type=file]");
    await file.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no checkpoints at all") });
    await page.getByText("That is not a file of checkpoints.").waitFor();
    checkpoints(join(process.env.EDUAI_DATA_DIR, "checkpoints.jsonl"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the checkpoints" }).click()]);
    const kept = readFileSync(await download.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const last = kept.at(-1);
    assert.ok(last.number > 0 && last.signature.length > 80);
    const choose = (rows) => file.setInputFiles({ name: "kept.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n")) });
    await choose(kept);
    await page.getByText(`vouches for all up to entry ${last.number}.`).waitFor();
    // A signature of another entry is not this one's.
    await choose([{ ...last, number: last.number - 1 }]);
    await page.getByText(/not signed by this program/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("shows a teacher the classes alone", async () => {
    const teacher = makePerson("teacher", { institution: school });
    const { context, page } = await visitor(browser);
    await signIn(page, teacher);
    await menu(page).click();
    await page.getByRole("link", { name: "Your classes" }).click();
    await page.getByRole("heading", { name: "Classes with a code" }).waitFor();
    assert.deepEqual(await page.getByRole("navigation").getByRole("link").allInnerTexts(), ["Classes with a code"]);
    await context.close();
  });
});

// Two at a time: every test has a visitor of its own, and a page is mostly waited for.
describe("pages of accounts, for everybody", { skip: noAccounts, concurrency: 2 }, () => {
  let browser;
  let head;
  before(async () => {
    browser = await launch();
    head = makePerson("school_admin", { institution: makeSchool() });
  });
  after(() => browser?.close());

  const OUTSIDE = ["/sign-in", "/register", "/forgot-password", "/reset-password#token", "/verify-email#token", "/class"];
  const INSIDE = ["/account", "/account/security", "/account/devices", "/account/consent", "/account/data", "/school/people", "/school/invitations", "/school/classes", "/school/settings", "/school/requests", "/school/retention", "/school/disclosures", "/school/audit"];
  const settled = async (page) => {
    await page.locator("#content h1").first().waitFor();
    await page.waitForLoadState("networkidle");
  };

  for (const language of ["en", "es"])
    for (const theme of ["light", "dark"])
      for (const size of ["phone", "laptop"])
        it(`axe finds nothing, and nothing is wider than the screen: ${language}, ${theme}, ${size}`, async () => {
          const { context, page } = await visitor(browser, { language, theme, size, reducedMotion: "reduce" });
          const look = async (path) => {
            await page.goto(BASE + path);
            await settled(page);
            assert.deepEqual(await axeFindings(page), [], path);
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, path);
          };
          for (const path of OUTSIDE) await look(path);
          await signIn(page, head, { language });
          for (const path of INSIDE) await look(path);
          await menu(page, language).click();
          assert.deepEqual(await axeFindings(page), [], "the menu");
          await context.close();
        });

  it("fit 320 pixels, with targets of at least 44", async () => {
    const { context, page } = await visitor(browser, { size: "phone" });
    await page.setViewportSize({ width: 320, height: 640 });
    const look = async (path) => {
      await page.goto(BASE + path);
      await settled(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, path);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("main button, main select, main a.btn, main input:not([type=checkbox], [type=radio], [type=file])")]
          .filter((node) => node.checkVisibility())
          .map((node) => [node.getAttribute("aria-label") ?? node.textContent.trim(), node.getBoundingClientRect()])
          .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
          .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`),
      );
      assert.deepEqual(small, [], path);
    };
    for (const path of OUTSIDE) await look(path);
    await signIn(page, head);
    for (const path of INSIDE) await look(path);
    await context.close();
  });
});
