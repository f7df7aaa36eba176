// Single sign-on through a real provider, from the page that configures it to the page that explains why not.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { BASE, axeFindings, launch, visitor } from "./harness.mjs";
import { makePerson, makeSchool, menu, noAccounts, signIn } from "./people.mjs";
import { known, startProvider } from "./provider.mjs";

const WORDS = {
  en: {
    kind: "Provider", name: "Name on the button", issuer: "Issuer", id: "Client id", secret: "Client secret", add: "Add a provider", test: "Test it", works: /^All is well\./,
    with: (name) => `Sign in with ${name}`, again: "Try again", unverified: /not verified there/, away: /does not answer\. Try again/, askedAway: /It does not answer/, unknown: /It does not know this program/,
    uninvited: /You have no account at this school yet/, save: "Save", remove: "Remove",
    none: /^None is linked\./, unlink: "Unlink", newPeople: "Who comes in without an account", linked: /linked on/, lastWay: /This is your only way in/,
  },
  es: {
    kind: "Proveedor", name: "Nombre en el botón", issuer: "Emisor", id: "Identificador de cliente", secret: "Secreto de cliente", add: "Añadir un proveedor", test: "Probarlo", works: /^Todo va bien\./,
    with: (name) => `Entrar con ${name}`, again: "Intentarlo otra vez", unverified: /no está verificado allí/, away: /no responde\. Inténtalo/, askedAway: /No responde/, unknown: /No conoce este programa/,
    uninvited: /Aún no tienes cuenta en este centro/, save: "Guardar", remove: "Quitar",
    none: /^No hay ninguna vinculada\./, unlink: "Desvincular", newPeople: "Quién entra sin tener cuenta", linked: /vinculada el/, lastWay: /Es tu única manera de entrar/,
  },
};

for (const language of ["en", "es"]) {
  const say = WORDS[language];
  describe(`single sign-on in ${language}`, { skip: noAccounts }, () => {
    const button = `School account ${randomUUID().slice(0, 8)}`;
    let browser;
    let provider;
    let head;
    let teacher;
    let redirect;
    let settings;
    before(async () => {
      browser = await launch();
      provider = await startProvider();
      const school = makeSchool();
      head = makePerson("school_admin", { institution: school, given: "Carmen" });
      teacher = makePerson("teacher", { institution: school, given: "Marta", family: "Gil" });
      known("marta", { email: teacher.email.toUpperCase(), given_name: "Marta" });
      known("mallory", { email: teacher.email, email_verified: false });
      known("newcomer", { email: `newcomer-${randomUUID().slice(0, 8)}@school.example`, given_name: "Nora" });
      known("nobody", { email: "nobody@elsewhere.example" });
      settings = await visitor(browser, { language });
      await signIn(settings.page, head, { to: "/school/sign-on", language });
    });
    after(async () => {
      await browser?.close();
      await provider?.stop();
    });

    /** What went wrong on a page, without the visits to the provider, which is another site. */
    const troubles = (faults) => faults.filter((fault) => !fault.startsWith(`asked elsewhere: ${provider.issuer}`) && !fault.startsWith("asked elsewhere: http://localhost:"));

    /** Somebody who says at the provider that they are `login`. */
    const comeAs = async (login) => {
      const someone = await visitor(browser, { language });
      const { page } = someone;
      await page.goto(`${BASE}/sign-in?to=%2Faccount`);
      const way = page.getByRole("link", { name: say.with(button) });
      await way.waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await way.click();
      if (login) {
        await page.getByRole("textbox", { name: "Name" }).fill(login);
        await page.getByRole("button", { name: "Continue" }).click();
      }
      return someone;
    };

    const refused = async (login, sentence) => {
      const { context, page, faults } = await comeAs(login);
      await page.getByRole("alert").getByText(sentence).waitFor();
      await page.getByRole("link", { name: say.again }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(troubles(faults), []);
      await context.close();
    };

    const test = (sentence) => async () => {
      await settings.page.getByRole("button", { name: say.test }).click();
      await settings.page.getByText(sentence).waitFor();
    };

    it("is configured on a page and tested there", async () => {
      const { page, faults } = settings;
      redirect = await page.locator("code").first().innerText();
      assert.match(redirect, /^http:\/\/.*\/api\/v1\/auth\/oidc\/callback$/);
      provider.serve(redirect);
      await page.getByRole("combobox", { name: say.kind, exact: true }).selectOption("other");
      await page.getByRole("textbox", { name: say.name }).fill(button);
      await page.getByRole("textbox", { name: say.issuer }).fill(provider.issuer);
      await page.getByRole("textbox", { name: say.id }).fill(provider.client.client_id);
      await page.getByLabel(say.secret).fill("not the secret");
      await page.getByRole("button", { name: say.add }).click();
      await page.getByRole("heading", { name: button }).waitFor();
      await test(say.unknown)();
      assert.deepEqual(await axeFindings(page), []);
      const card = page.locator("section").filter({ has: page.getByRole("heading", { name: button }) });
      await card.getByLabel(say.secret).fill(provider.client.client_secret);
      await card.getByRole("button", { name: say.save }).click();
      await page.waitForFunction((id) => document.querySelector(`input[name=client_secret]`)?.value === "" && !document.querySelector(id), "[aria-disabled=true]");
      await test(say.works)();
      assert.deepEqual(await axeFindings(page), []);
      assert.ok(!(await page.content()).includes(provider.client.client_secret), "the secret is shown nowhere");
      assert.deepEqual(faults, []);
    });

    for (const alg of ["RS256", "ES256", "EdDSA"]) {
      it(`lets somebody in whose address is verified, signed with ${alg}`, async () => {
        provider.serve(redirect, alg);
        await test(say.works)();
        const { context, page, faults } = await comeAs("marta");
        await menu(page, language).waitFor();
        await page.waitForURL(/\/account$/);
        await page.getByText(teacher.email).first().waitFor();
        await page.reload();
        await menu(page, language).waitFor();
        assert.deepEqual(troubles(faults), []);
        await context.close();
      });
    }

    it("explains why somebody is not let in", async () => {
      await refused("mallory", say.unverified);
      await refused("nobody", say.uninvited);
    });

    /** Goes to the page about signing in, on the host that the provider sent them back to. */
    const toSecurity = (page) => page.goto(new URL("/account/security", page.url()).href);

    /** Presses "Unlink" of the only linked account, and once more where it is asked whether that is meant. */
    const unlink = async (page) => {
      const row = page.getByRole("listitem").filter({ hasText: say.linked });
      await row.getByText(button).waitFor();
      await row.getByRole("button", { name: say.unlink }).click();
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole("dialog").getByRole("button", { name: say.unlink, exact: true }).click();
    };

    it("shows the linked account, and unlinks it while one stays signed in", async () => {
      const { context, page, faults } = await comeAs("marta");
      await menu(page, language).waitFor();
      await toSecurity(page);
      await unlink(page);
      await page.getByText(say.none).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.reload();
      await page.getByText(say.none).waitFor();
      assert.deepEqual(troubles(faults), []);
      await context.close();
    });

    it("does not unlink the last way in", async () => {
      const { page } = settings;
      const card = page.locator("section").filter({ has: page.getByRole("heading", { name: button }) });
      await card.getByRole("combobox", { name: say.newPeople }).selectOption("teacher");
      await card.getByRole("button", { name: say.save }).click();
      await page.waitForFunction((busy) => !document.querySelector(busy), "[aria-disabled=true]");
      const someone = await comeAs("newcomer");
      await menu(someone.page, language).waitFor();
      await toSecurity(someone.page);
      await unlink(someone.page);
      await someone.page.getByRole("dialog").getByText(say.lastWay).waitFor();
      assert.deepEqual(await axeFindings(someone.page), []);
      await someone.context.close();
    });

    it("goes back to the school's own page for signing in to try again", async () => {
      const { page } = settings;
      const institution = await page.evaluate(async () => {
        const tokens = await (await fetch("/api/v1/auth/refresh", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })).json();
        return tokens.user.institution_id;
      });
      await page.reload();
      const someone = await visitor(browser, { language });
      await someone.page.goto(`${BASE}/sign-in?institution=${institution}&to=%2Faccount`);
      await someone.page.getByRole("link", { name: say.with(button) }).click();
      await someone.page.getByRole("textbox", { name: "Name" }).fill("mallory");
      await someone.page.getByRole("button", { name: "Continue" }).click();
      await someone.page.getByRole("link", { name: say.again }).click();
      await someone.page.getByRole("link", { name: say.with(button) }).waitFor();
      const at = new URL(someone.page.url());
      assert.deepEqual([at.pathname, at.searchParams.get("institution"), at.searchParams.get("to")], ["/sign-in", institution, "/account"]);
      await someone.context.close();
    });

    it("does not let a sign-in be forced upon another browser", async () => {
      const thief = await comeAs(undefined);
      await thief.page.getByRole("textbox", { name: "Name" }).waitFor();
      // The thief signs in as themselves and stops at the last step, whose address they send to somebody else.
      const { request } = thief.context;
      const step = (answer) => new URL(answer.headers().location, answer.url()).href;
      const interaction = new URL(await thief.page.locator("form").getAttribute("action"), thief.page.url()).href;
      let at = step(await request.post(interaction, { form: { login: "marta" }, maxRedirects: 0 }));
      while (!at.startsWith(redirect)) at = step(await request.get(at, { maxRedirects: 0 }));
      assert.match(at, /[?&]code=/);
      const victim = await visitor(browser, { language });
      await victim.page.goto(at);
      await victim.page.waitForURL(/error=sso_other_browser/);
      await victim.page.getByRole("alert").waitFor();
      assert.equal((await victim.context.cookies()).filter((cookie) => cookie.name === "eduai_refresh").length, 0);
      await thief.context.close();
      await victim.context.close();
    });

    it("says what to do when the provider is away", async () => {
      provider.pause();
      await test(say.askedAway)();
      assert.deepEqual(await axeFindings(settings.page), []);
      await refused(undefined, say.away);
    });

    it("is removed, and stands on the page for signing in no more", async () => {
      const { page, context } = settings;
      const card = page.locator("section").filter({ has: page.getByRole("heading", { name: button }) });
      await card.getByRole("button", { name: say.remove }).click();
      await page.getByRole("dialog").getByRole("button", { name: say.remove }).click();
      await page.getByRole("heading", { name: button }).waitFor({ state: "detached" });
      const someone = await visitor(browser, { language });
      await someone.page.goto(`${BASE}/sign-in`);
      await someone.page.locator("input[autocomplete=username]").waitFor();
      await someone.page.waitForLoadState("networkidle");
      assert.equal(await someone.page.getByRole("link", { name: say.with(button) }).count(), 0);
      await someone.context.close();
      await context.close();
    });
  });
}
