// Signing in and staying so: one person in one browser, several tabs, several devices.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BASE, axeFindings, launch, makePiece, scoreDrawn, until, visitor } from "./harness.mjs";
import { PASSWORD, letterTo, makePerson, makeSchool, menu, noAccounts, signIn } from "./people.mjs";

/** Refusals are told by the page, and logged by the browser too: those that a test provokes are no faults. */
const unexpected = (faults, ...statuses) => faults.filter((fault) => !statuses.some((status) => fault.includes(`status of ${status}`)));

describe("an account", { skip: noAccounts }, () => {
  let browser;
  let school;
  before(async () => {
    browser = await launch();
    school = makeSchool();
  });
  after(() => browser?.close());

  it("is entered by keyboard alone, and leads back to where one was", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page, faults } = await visitor(browser);
    await page.goto(`${BASE}/account/devices`);
    await page.waitForURL(/\/sign-in\?to=/);
    await page.locator("input[autocomplete=username]:focus").waitFor();
    await page.keyboard.type(person.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(person.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Devices" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/account/devices");
    assert.match(await menu(page).innerText(), /AR/);
    await page.getByText("This device").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("says at the field, or above the button, why it does not open", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page } = await visitor(browser);
    await page.goto(`${BASE}/sign-in`);
    await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
    await page.locator("input[autocomplete=username][aria-invalid=true]:focus").waitFor();
    await page.locator("input[autocomplete=username]").fill(person.email);
    await page.locator("input[autocomplete=current-password]").fill("not the password");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("do not belong together").waitFor();
    for (let tries = 0; tries < 5; tries += 1) {
      await page.waitForTimeout(150);
      await page.keyboard.press("Enter");
    }
    await page.getByRole("alert").getByText(/closed for a while.*Try again in \d+ minutes?/s).waitFor();
    await context.close();
  });

  it("stays open over a reload, in every tab, and no script can read a key to it", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page, faults } = await visitor(browser);
    const tokens = [];
    page.on("request", (request) => {
      const sent = request.headers()["authorization"];
      if (sent) tokens.push(sent.replace("Bearer ", ""));
    });
    await signIn(page, person, { to: "/account" });
    await page.reload();
    await menu(page).waitFor();
    await page.getByRole("textbox", { name: "Given name" }).waitFor();
    assert.ok(tokens.length > 0, "requests carry a token");
    const readable = await page.evaluate(() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage));
    for (const token of tokens) assert.ok(!readable.includes(token), "the token is in memory alone");
    const { cookies } = await context.storageState();
    const refresh = cookies.find((cookie) => cookie.name === "eduai_refresh");
    assert.ok(refresh?.httpOnly && refresh.sameSite === "Strict");

    const tabs = await Promise.all([1, 2, 3].map(() => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto(`${BASE}/account`)));
    for (const tab of tabs) await menu(tab).waitFor();
    await Promise.all(tabs.map((tab) => tab.reload()));
    for (const tab of tabs) await menu(tab).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("is left in every tab at once", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page } = await visitor(browser);
    await signIn(page, person);
    const other = await context.newPage();
    await other.goto(`${BASE}/account/security`);
    await menu(other).waitFor();
    await menu(page).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    await other.getByRole("link", { name: "Sign in" }).waitFor();
    assert.equal(new URL(other.url()).pathname, "/", "nothing of the person stays on the screen");
    await page.reload();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    await context.close();
  });

  it("that is ended from another device keeps the page and its place", async () => {
    const person = makePerson("teacher", { institution: school });
    const [desk, sofa] = [await visitor(browser), await visitor(browser)];
    await signIn(desk.page, person);
    await makePiece(desk.page);
    await scoreDrawn(desk.page);
    const place = desk.page.url();
    await signIn(sofa.page, person, { to: "/account/devices" });
    await sofa.page.getByRole("button", { name: "Sign out everywhere else" }).click();
    await sofa.page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere else" }).click();
    await until(async () => (await sofa.page.getByRole("main").getByRole("button", { name: "Sign out", exact: true }).count()) === 0, "one device left");

    await desk.page.getByRole("button", { name: "Share" }).click();
    const notice = desk.page.getByRole("alert").filter({ hasText: "You have been signed out" });
    await notice.waitFor();
    assert.deepEqual(await axeFindings(desk.page), []);
    assert.equal(desk.page.url(), place);
    assert.equal(await desk.page.locator(".score g.measure").count() > 0, true, "the score is still there");
    await notice.getByRole("button", { name: "Sign in again" }).click();
    const dialog = desk.page.getByRole("dialog");
    await dialog.locator("input[autocomplete=username]").fill(person.email);
    await dialog.locator("input[autocomplete=current-password]").fill(PASSWORD);
    assert.deepEqual(await axeFindings(desk.page), []);
    await desk.page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await notice.waitFor({ state: "detached" });
    await desk.page.getByRole("button", { name: "Share" }).click();
    await desk.page.locator("button[aria-pressed=true]", { hasText: "Share" }).waitFor();
    assert.equal(desk.page.url(), place);
    assert.deepEqual(unexpected(desk.faults, 401), []);
    await desk.context.close();
    await sofa.context.close();
  });

  it("fetches downloads in its own name", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page } = await visitor(browser);
    await signIn(page, person);
    await makePiece(page);
    await page.getByRole("button", { name: "Download" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: /MIDI/ }).click()]);
    assert.match(file.suggestedFilename(), /\.midi?$/);
    await context.close();
  });

  it("changes its name, its language and its password", async () => {
    const person = makePerson("teacher", { institution: school });
    const { context, page, faults } = await visitor(browser);
    await signIn(page, person, { to: "/account" });
    await page.getByRole("textbox", { name: "Given name" }).fill("Núria");
    await page.getByRole("combobox", { name: "Language" }).selectOption("es");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Perfil" }).waitFor();
    assert.match(await menu(page, "es").innerText(), /NR/);
    await page.goto(`${BASE}/account/security`);
    await page.locator("input[autocomplete=current-password]").fill(PASSWORD);
    await page.locator("input[autocomplete=new-password]").fill("cinco tortugas leen despacio");
    await page.keyboard.press("Enter");
    await page.getByText("La contraseña ha cambiado").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
    const again = await visitor(browser);
    await signIn(again.page, { ...person, password: "cinco tortugas leen despacio" });
    await again.context.close();
  });
});

describe("a passkey", { skip: noAccounts }, () => {
  // Passkeys belong to names: the program is asked for by the name of this machine.
  const NAMED = BASE.replace("//127.0.0.1", "//localhost");
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  it("is added, opens the account on its own, and is removed", async (test) => {
    const { context, page } = await visitor(browser);
    const answer = await context.request.post(`${NAMED}/api/v1/auth/passkey/options`, { data: {} });
    if (!answer.ok()) {
      await context.close();
      test.skip("the program has no name here, or no passkeys");
      return;
    }
    const person = makePerson("teacher", { institution: makeSchool() });
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.goto(`${NAMED}/sign-in?to=/account/security`);
    await page.locator("input[autocomplete=username]").fill(person.email);
    await page.locator("input[autocomplete=current-password]").fill(person.password);
    await page.keyboard.press("Enter");
    await page.getByText("You have none yet.").waitFor();
    await page.getByRole("textbox", { name: "A name to know it by" }).fill("Desk in the music room");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("listitem").filter({ hasText: "Desk in the music room" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await menu(page).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await menu(page).waitFor();
    await page.goto(`${NAMED}/account/security`);
    await page.getByRole("button", { name: "Remove the passkey" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("You have none yet.").waitFor();
    await context.close();
  });
});

describe("by letter", { skip: noAccounts }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  it("one joins a school, and sets a forgotten password anew", async () => {
    const head = makePerson("school_admin", { institution: makeSchool("higher_ed") });
    const email = `guest-${Date.now()}@school.example`;
    const office = await visitor(browser);
    await signIn(office.page, head, { to: "/school/invitations" });
    await office.page.getByRole("textbox", { name: "People to invite" }).fill(`${email}, docente, Eva, Gil`);
    await office.page.getByRole("button", { name: "Send 1 invitation" }).click();
    await office.page.getByRole("heading", { name: "1 invitation is on its way." }).waitFor();
    await office.context.close();

    const { context, page, faults } = await visitor(browser);
    const invitation = await letterTo(email, "register");
    await page.goto(invitation);
    await page.getByText("You are invited as: Teacher.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(await page.getByRole("textbox", { name: "Given name" }).inputValue(), "Eva");
    await page.locator("input[autocomplete=new-password]").fill("short");
    await page.getByText("Too short yet").waitFor();
    await page.keyboard.press("Enter");
    await page.locator("input[autocomplete=new-password][aria-invalid=true]:focus").waitFor();
    await page.locator("input[autocomplete=new-password]").fill("cinco tortugas leen despacio");
    await page.keyboard.press("Enter");
    await menu(page).waitFor();
    assert.match(await menu(page).innerText(), /EG/);
    assert.deepEqual(faults, []);
    await page.goto(invitation);
    await page.getByText("This invitation is used").waitFor();
    await context.close();

    const lost = await visitor(browser);
    await lost.page.goto(`${BASE}/forgot-password`);
    await lost.page.getByRole("textbox").fill(email);
    await lost.page.keyboard.press("Enter");
    await lost.page.getByText(`If there is an account for ${email}`).waitFor();
    const reset = await letterTo(email, "reset-password");
    await lost.page.goto(reset);
    await lost.page.locator("input[autocomplete=new-password]").fill("siete lechuzas beben leche");
    await lost.page.keyboard.press("Enter");
    await lost.page.getByRole("heading", { name: "It is set." }).waitFor();
    await signIn(lost.page, { email, password: "siete lechuzas beben leche" });
    await lost.page.goto(reset);
    await lost.page.locator("input[autocomplete=new-password]").fill("nueve gatos tocan jazz");
    await lost.page.keyboard.press("Enter");
    await lost.page.getByRole("alert").getByText("This link is used, too old or incomplete").waitFor();
    await lost.context.close();
  });
});

describe("a visitor's work", { skip: noAccounts }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  it("comes along into the account that keeps it", async () => {
    // An account in the institution that takes visitors: work stays in the school in which it was made.
    const person = makePerson("teacher");
    const { context, page, faults } = await visitor(browser);
    const piece = await makePiece(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/It is kept (until|for)/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("dialog").getByRole("link", { name: "Sign in" }).click();
    await page.locator("input[autocomplete=username]").fill(person.email);
    await page.locator("input[autocomplete=current-password]").fill(person.password);
    assert.equal(await page.getByRole("checkbox", { name: /Bring along/ }).isChecked(), true);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/studio/${piece}$`));
    await menu(page).waitFor();
    await page.getByRole("button", { name: "Change the title" }).waitFor();
    await page.goto(BASE);
    await page.locator(`a[href="/studio/${piece}"]`).waitFor();
    assert.equal(await page.getByRole("button", { name: "Save", exact: true }).count(), 0);
    // The piece is on its way while the page already asks for it.
    assert.deepEqual(unexpected(faults, 404), []);
    await context.close();
  });

  it("comes along into an account that is made for it", async () => {
    const { context, page, faults } = await visitor(browser, { size: "phone" });
    const piece = await makePiece(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("link", { name: "Make an account to keep this for good" }).click();
    await page.getByText("comes along and stays for good").waitFor();
    await page.getByRole("textbox", { name: "Given name" }).fill("Iris");
    await page.getByRole("textbox", { name: "E-mail address" }).fill(`iris-${Date.now()}@school.example`);
    await page.locator("input[autocomplete=new-password]").fill("cinco tortugas leen despacio");
    await page.locator("input[type=date]").fill("2001-04-30");
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.waitForURL(new RegExp(`/studio/${piece}$`));
    await menu(page).waitFor();
    await page.getByRole("button", { name: "Change the title" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Save", exact: true }).count(), 0);
    assert.deepEqual(unexpected(faults, 404), []);
    await context.close();
  });
});
