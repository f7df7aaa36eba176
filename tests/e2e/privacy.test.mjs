// What people may ask about their data, what a guardian decides, and what the school sees of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { BASE, axeFindings, launch, visitor } from "./harness.mjs";
import { letterTo, makePerson, makeSchool, menu, noAccounts, signIn } from "./people.mjs";

const { paths } = await (await fetch(`${BASE}/openapi.json`)).json();
const skip = noAccounts || (paths["/api/v1/me/consents"] ? false : "the program has no rights over data yet");

describe("rights over one's data", { skip }, () => {
  let browser;
  let school;
  before(async () => {
    browser = await launch();
    school = makeSchool();
  });
  after(() => browser?.close());

  it("are asked for and answered: an archive at once, the rest by the school", async () => {
    const person = makePerson("teacher", { institution: school, given: "Leo", family: "Sanz" });
    const head = makePerson("school_admin", { institution: school });
    const { context, page, faults } = await visitor(browser);
    await signIn(page, person, { to: "/account/data" });
    await page.getByRole("radio", { name: /Take my data with me/ }).check();
    await page.getByRole("button", { name: "Send it to the school" }).click();
    const archive = page.getByRole("link", { name: "Download the archive" });
    await archive.waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), archive.click()]);
    const bytes = readFileSync(await file.path());
    assert.equal(bytes.subarray(0, 2).toString(), "PK", "a ZIP archive");

    await page.getByRole("radio", { name: /Correct something/ }).check();
    await page.getByRole("button", { name: "Send it to the school" }).click();
    await page.locator("textarea[aria-invalid=true]:focus").waitFor();
    await page.getByRole("textbox", { name: "What exactly?" }).fill("My family name is Sáenz.");
    await page.getByRole("button", { name: "Send it to the school" }).click();
    await page.getByText("My family name is Sáenz.").waitFor();
    await page.getByText(/\d+ days left/).waitFor();
    await page.getByRole("radio", { name: /Delete my data/ }).check();
    await page.getByText("What deletion means").waitFor();
    assert.deepEqual(await axeFindings(page), []);

    const office = await visitor(browser);
    await signIn(office.page, head, { to: "/school/requests" });
    const request = office.page.getByRole("listitem").filter({ hasText: "My family name is Sáenz." });
    await request.getByText("Leo Sanz").waitFor();
    await request.getByRole("button", { name: "Refuse" }).click();
    await request.locator("textarea[aria-invalid=true]:focus").waitFor();
    await request.getByRole("textbox", { name: "Your answer" }).fill("Your certificate says Sanz. Bring us another one.");
    assert.deepEqual(await axeFindings(office.page), []);
    await request.getByRole("button", { name: "Refuse" }).click();
    await office.page.getByText("It is decided, and the person was told.").waitFor();
    assert.deepEqual(office.faults, []);
    await office.context.close();

    await page.reload();
    await page.getByText("Your certificate says Sanz. Bring us another one.").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("are kept by the school: what it told others, and how long it keeps what", async () => {
    const head = makePerson("school_admin", { institution: school });
    makePerson("student", { institution: school, given: "Noa", family: "Vidal" });
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school/disclosures" });
    await page.getByText("Nothing was told to anybody outside.").waitFor();
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.locator("input[type=search][aria-invalid=true]:focus").waitFor();
    await page.getByRole("searchbox", { name: "About whom?" }).fill("vidal");
    await page.getByRole("button", { name: "Noa Vidal" }).click();
    await page.getByRole("textbox", { name: "Told to" }).fill("Conservatorio de Sevilla");
    await page.getByRole("textbox", { name: "By what right" }).fill("Consent of the mother");
    await page.getByRole("textbox", { name: "What for" }).fill("Admission to the piano class");
    await page.getByRole("checkbox", { name: /Grades/ }).check();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.getByRole("listitem").filter({ hasText: "Noa Vidal" }).getByText("To Conservatorio de Sevilla:").waitFor();

    await page.goto(`${BASE}/school/retention`);
    const days = page.getByRole("form", { name: "Messages" }).getByRole("textbox", { name: "Days to keep" });
    await days.fill("3");
    await days.press("Enter");
    await page.getByText("A whole number of days, from 30 to 36500.").waitFor();
    await days.fill("1095");
    await days.press("Enter");
    await page.getByText("Messages: kept for 3 years.").waitFor();
    await page.reload();
    await page.getByText("set by your school").waitFor();
    assert.equal(await days.inputValue(), "1095");
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("begin with consent, purpose by purpose, to be taken back", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page, faults } = await visitor(browser, { size: "phone" });
    await signIn(page, person, { to: "/account/consent" });
    const cloud = page.getByRole("switch", { name: "Let cloud models help" });
    await cloud.click();
    await page.getByText("Let cloud models help: allowed.").waitFor();
    await page.reload();
    await page.locator("[role=switch][aria-checked=true]").first().waitFor();
    assert.equal(await cloud.getAttribute("aria-checked"), "true");
    assert.deepEqual(await axeFindings(page), []);
    await cloud.click();
    await page.getByText("Let cloud models help: no longer allowed.").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("of a child are a guardian's to decide, who needs no account", async () => {
    const [child, guardian] = [`child-${Date.now()}@school.example`, `guardian-${Date.now()}@home.example`];
    const { context, page, faults } = await visitor(browser);
    await page.goto(`${BASE}/register`);
    await page.getByRole("textbox", { name: "Given name" }).fill("Sofía");
    await page.getByRole("textbox", { name: "E-mail address" }).fill(child);
    await page.locator("input[autocomplete=new-password]").fill("cinco tortugas leen despacio");
    await page.locator("input[type=date]").fill(`${new Date().getFullYear() - 9}-01-15`);
    await page.getByRole("textbox", { name: "E-mail address of a parent or guardian" }).fill(guardian);
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.getByRole("heading", { name: "Now a grown-up is asked." }).waitFor();
    await page.getByText(guardian).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(faults, []);

    const home = await visitor(browser, { size: "phone" });
    await home.page.goto(await letterTo(guardian, "guardian"));
    await home.page.getByRole("heading", { name: "May Sofía make music here?" }).waitFor();
    assert.deepEqual(await axeFindings(home.page), []);
    await home.page.getByRole("button", { name: "Yes, I agree" }).click();
    await home.page.locator("input[autocomplete=name][aria-invalid=true]:focus").waitFor();
    await home.page.getByRole("textbox", { name: "Your name" }).fill("Ana Ruiz");
    await home.page.getByRole("button", { name: "Yes, I agree" }).click();
    await home.page.getByRole("heading", { name: "Thank you." }).waitFor();
    await home.context.close();

    // The account opens as soon as the answer has come to it.
    await page.goto(`${BASE}/sign-in`);
    await page.locator("input[autocomplete=username]").fill(child);
    await page.locator("input[autocomplete=current-password]").fill("cinco tortugas leen despacio");
    for (let tries = 0; tries < 4 && !(await menu(page).isVisible()); tries += 1) {
      await page.keyboard.press("Enter");
      await page.waitForTimeout(1500);
    }
    await menu(page).waitFor();
    await page.goto(`${BASE}/account/consent`);
    await page.getByText("At your age a parent or guardian decides this.").first().waitFor();
    assert.equal(await page.getByRole("switch", { name: "Keep my learning records" }).getAttribute("aria-checked"), "true");
    await context.close();
  });

  it("are kept in a log that shows whatever is done to it", async () => {
    const head = makePerson("school_admin", { institution: school });
    const { context, page, faults } = await visitor(browser);
    await signIn(page, head, { to: "/school/audit" });
    await page.getByRole("button", { name: "Check the whole log" }).click();
    await page.getByText(/entr(y|ies) checked: nothing was changed/).waitFor();
    // The check is an entry itself.
    await page.getByRole("searchbox", { name: "What", exact: true }).fill("audit.verified");
    await page.getByRole("listitem").filter({ hasText: "audit.verified" }).first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
