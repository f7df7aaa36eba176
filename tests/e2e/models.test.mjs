// Language models of a school, from the empty page to the bill, with a server of models beside the program.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { BASE, axeFindings, launch, until, visitor } from "./harness.mjs";
import { ANSWER, startModels } from "./model-server.mjs";
import { makePerson, makeSchool, noAccounts, signIn } from "./people.mjs";

const WORDS = {
  en: {
    begin: "How to begin", tabs: { providers: "Providers", routes: "Who answers", keys: "Keys", budgets: "Budgets", usage: "Usage", transcripts: "Transcripts", overview: "Overview" },
    kind: "Provider", name: "Name", address: "Address", key: "Key", local: "It stands in the house", add: "Add a provider", test: "Test it",
    refused: /It does not accept the key/, good: "It answers", change: (name) => `Change ${name}`, save: "Save", offer: (name) => `Offer ${name}`, offered: (name) => `${name} is offered now.`,
    pull: "Fetch a model", fetch: "Fetch", half: /500 MB of 2(\.0)? GB/, pulled: (name) => `${name} is there.`, names: "What can be asked",
    addRoute: "Add a route", below: "Add somebody who steps in", model: "Model", first: /1\. Is asked first/, then: /2\. If that fails/, nobody: "Write which model.",
    remove: (name) => `Remove ${name}`, undo: "Undo", removed: (name) => `${name} is removed.`,
    makeKey: "Make a key", made: /never shown again/, done: "I have it", revoke: (name) => `Revoke ${name}`, revokeIt: "Revoke", revoked: (name) => `${name} is revoked.`,
    amount: "Dollars", addBudget: "Add a budget", wrongAmount: /An amount above 0/, school: "The whole school", meter: "The whole school: spent",
    by: "By", byKey: "Key", download: "Download (CSV)", table: "All figures",
    unused: "The platform asks no model until a route says which.", toRoutes: "Say who answers",
    notKept: "Questions and answers are not kept", toRules: "To the rules of the house", keep: /^What is asked of language models/, kept: "Saved.",
    noneKept: "Nothing has been asked since it is kept.", open: /^Open what Library asked/, asked: "Asked", answered: "Answered", logged: /audit log now/, day: "Day", nothingThen: "There is none of this person and day.",
  },
  es: {
    begin: "Cómo empezar", tabs: { providers: "Proveedores", routes: "Quién responde", keys: "Claves", budgets: "Presupuestos", usage: "Uso", transcripts: "Transcripciones", overview: "Vista general" },
    kind: "Proveedor", name: "Nombre", address: "Dirección", key: "Clave", local: "Está en casa", add: "Añadir un proveedor", test: "Probarlo",
    refused: /No acepta la clave/, good: "Responde", change: (name) => `Cambiar ${name}`, save: "Guardar", offer: (name) => `Ofrecer ${name}`, offered: (name) => `Ahora se ofrece ${name}.`,
    pull: "Traer un modelo", fetch: "Traer", half: /500 MB de 2(,0)? GB/, pulled: (name) => `${name} ya está.`, names: "A qué se puede preguntar",
    addRoute: "Añadir una ruta", below: "Añadir un suplente", model: "Modelo", first: /1\. Se le pregunta primero/, then: /2\. Si no puede/, nobody: "Escribe qué modelo.",
    remove: (name) => `Quitar ${name}`, undo: "Deshacer", removed: (name) => `Se ha quitado ${name}.`,
    makeKey: "Crear una clave", made: /no se vuelve a mostrar/, done: "Ya la tengo", revoke: (name) => `Revocar ${name}`, revokeIt: "Revocar", revoked: (name) => `Se ha revocado ${name}.`,
    amount: "Dólares", addBudget: "Añadir un presupuesto", wrongAmount: /Una cantidad mayor que 0/, school: "Todo el centro", meter: "Todo el centro: gastado",
    by: "Según", byKey: "Clave", download: "Descargar (CSV)", table: "Todas las cifras",
    unused: "La plataforma no pregunta a ningún modelo hasta que una ruta diga a cuál.", toRoutes: "Decir quién responde",
    notKept: "Las preguntas y las respuestas no se guardan", toRules: "A las reglas de la casa", keep: /^Lo que se pregunta a los modelos/, kept: "Guardado.",
    noneKept: "No se ha preguntado nada desde que se guarda.", open: /^Abrir lo que preguntó Library/, asked: "Pregunta", answered: "Respuesta", logged: /registro de auditoría/, day: "Día", nothingThen: "No hay ninguna de esta persona y este día.",
  },
};

/** An Ollama of whoever runs the tests is found by the program: then there is something already. */
const found = await fetch("http://127.0.0.1:11434/api/tags").then(
  () => "an Ollama runs on this machine",
  () => false,
);

for (const language of ["en", "es"]) {
  const say = WORDS[language];
  describe(`language models in ${language}`, { skip: noAccounts }, () => {
    const secret = `sk-choir-${randomUUID()}`;
    let browser;
    let server;
    let page;
    let faults;
    let made;
    before(async () => {
      browser = await launch();
      server = await startModels({ key: secret, models: ["tiny-choir", "big-choir"] });
      const head = makePerson("school_admin", { institution: makeSchool(), given: "Carmen" });
      ({ page, faults } = await visitor(browser, { language, theme: language === "es" ? "dark" : "light", size: language === "es" ? "phone" : "laptop" }));
      await signIn(page, head, { to: "/school/models", language });
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    const open = (tab) => page.getByRole("link", { name: say.tabs[tab], exact: true }).click();
    const sound = async () => {
      assert.deepEqual(await axeFindings(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out of the page");
      assert.deepEqual(faults, []);
    };
    const row = (name) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
    const button = (name) => page.getByRole("button", { name, exact: true });
    const field = (name) => page.getByRole("textbox", { name, exact: true });

    /** Asks as a program of the school does. */
    const ask = (model) =>
      fetch(`${BASE}/v1/chat/completions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${made}`, "Content-Type": "application/json" },
        body: JSON.stringify({ model, messages: [{ role: "user", content: "Why does it resolve?" }] }),
      });

    it("says how to begin where there is nothing yet", { skip: found }, async () => {
      await page.getByRole("heading", { name: say.begin }).waitFor();
      await sound();
    });

    it("adds a provider, tells what is wrong with its key, and offers what it has", async () => {
      await open("providers");
      await page.getByRole("combobox", { name: say.kind, exact: true }).selectOption("compatible");
      await button(say.add).click();
      await field(say.name).waitFor();
      assert.equal(await field(say.name).getAttribute("aria-invalid"), "true");
      await field(say.name).fill("choir");
      await field(say.address).fill(`${server.origin}/v1`);
      await page.getByLabel(say.key, { exact: true }).fill("sk-not-the-key");
      await page.getByRole("checkbox", { name: say.local }).check();
      await button(say.add).click();
      await row("choir").getByRole("button", { name: say.test }).click();
      await row("choir").getByText(say.refused).waitFor();
      await button(say.change("choir")).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(say.key, { exact: true }).fill(secret);
      await sound();
      await dialog.getByRole("button", { name: say.save }).click();
      await dialog.waitFor({ state: "detached" });
      await row("choir").getByRole("button", { name: say.test }).click();
      await row("choir").getByText(ANSWER).waitFor();
      await row("choir").getByText(say.good, { exact: true }).waitFor();
      for (const model of ["tiny-choir", "big-choir"]) {
        await button(say.offer(model)).click();
        await page.getByText(say.offered(model)).waitFor();
        await button(say.offer(model)).waitFor({ state: "detached" });
      }
      await sound();
      assert.ok(!(await page.content()).includes(secret), "the key is shown nowhere");
    });

    it("says that the platform asks nobody while no route says whom, and leads there", { skip: found }, async () => {
      await open("overview");
      await page.getByText(say.unused).waitFor();
      await sound();
      await page.getByRole("link", { name: say.toRoutes }).click();
      await field(say.name).waitFor();
    });

    it("leads questions to one, and to another when that fails", async () => {
      await open("routes");
      await field(say.name).fill("music");
      await button(say.below).click();
      await page.getByRole("combobox", { name: say.model }).nth(1).fill("");
      await button(say.addRoute).click();
      await page.getByText(say.nobody).waitFor();
      await page.getByRole("combobox", { name: say.model }).nth(0).fill("tiny-choir");
      await page.getByRole("combobox", { name: say.model }).nth(1).fill("big-choir");
      await button(say.addRoute).click();
      await row("music").getByText(say.then).waitFor();
      await row("music").getByRole("button", { name: say.remove("music") }).click();
      await row("music").waitFor({ state: "detached" });
      await button(say.undo).click();
      await row("music").getByText(say.first).waitFor();
      await sound();
    });

    it("makes a key that is shown once and works", async () => {
      await open("keys");
      await field(say.name).fill("Library");
      await button(say.makeKey).click();
      await page.getByText(say.made).waitFor();
      made = await page.locator("code").filter({ hasText: "sk-eduai-" }).first().innerText();
      assert.match(made, /^sk-eduai-\S{20,}$/);
      await sound();
      await button(say.done).click();
      await button(say.makeKey).waitFor();
      assert.ok(!(await page.content()).includes(made), "the key is shown once");
      const answer = await until(async () => {
        const response = await ask("music");
        return response.ok && response.json();
      }, "an answer to the new key");
      assert.equal(answer.choices[0].message.content, ANSWER);
    });

    it("has an Ollama fetch a model, and shows how far it is", async () => {
      await open("providers");
      await page.getByRole("combobox", { name: say.kind, exact: true }).selectOption("ollama");
      await field(say.name).fill("cellar");
      await field(say.address).fill(server.origin);
      await button(say.add).click();
      await row("cellar").getByRole("textbox", { name: say.pull }).fill("llama3.2");
      await row("cellar").getByRole("button", { name: say.fetch, exact: true }).click();
      await row("cellar").getByText(say.half).waitFor();
      server.finishPull();
      await page.getByText(say.pulled("llama3.2")).waitFor();
      await row("cellar").getByText("llama3.2", { exact: true }).waitFor();
      await sound();
    });

    it("holds costs in a budget, and puts them in the books", async () => {
      await open("budgets");
      await field(say.amount).fill("-3");
      await button(say.addBudget).click();
      await page.getByText(say.wrongAmount).waitFor();
      await field(say.amount).fill("20");
      await button(say.addBudget).click();
      await page.getByRole("meter", { name: say.meter }).waitFor();
      await sound();
      await open("usage");
      const by = page.getByRole("combobox", { name: say.by, exact: true });
      const booked = page.getByRole("region", { name: say.table }).getByRole("rowheader", { name: "Library" });
      // What was asked is written down a moment later.
      await until(async () => {
        await by.selectOption("key");
        const there = await booked.first().waitFor({ timeout: 5000 }).then(() => true, () => false);
        if (!there) await page.reload();
        return there;
      }, "the question in the books", 60_000);
      await sound();
      const [download] = await Promise.all([page.waitForEvent("download"), button(say.download).click()]);
      const [head, ...rows] = readFileSync(await download.path(), "utf8").trim().split("\r\n");
      assert.match(head, /from,key,id,calls,failed,input_tokens/);
      assert.ok(rows.some((line) => line.includes(",Library,") && line.includes(",1000,0,500,")), rows.join("\n"));
    });

    it("shows what stands in the house, and what can be asked", async () => {
      await open("overview");
      await page.getByRole("heading", { name: say.names }).waitFor();
      await page.getByText("music", { exact: true }).waitFor();
      await sound();
    });

    it("keeps what is said once that is set, opens it one by one, and writes that down", async () => {
      await open("transcripts");
      await page.getByRole("heading", { name: say.notKept }).waitFor();
      await sound();
      await page.getByRole("link", { name: say.toRules }).click();
      const keep = page.getByRole("checkbox", { name: say.keep });
      await keep.check();
      await keep.locator("xpath=ancestor::form").getByRole("button", { name: say.save, exact: true }).click();
      await page.getByText(say.kept).waitFor();
      await page.goto(`${BASE}/school/models/transcripts`);
      await page.getByText(say.noneKept).waitFor();
      await sound();
      await until(async () => {
        assert.ok((await ask("music")).ok);
        await page.reload();
        return page.getByRole("button", { name: say.open }).first().waitFor({ timeout: 3000 }).then(() => true, () => false);
      }, "a transcript", 60_000);
      await sound();
      await page.getByRole("button", { name: say.open }).first().press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Why does it resolve?").waitFor();
      await dialog.getByRole("listitem").filter({ has: page.getByRole("heading", { name: say.answered, exact: true }) }).getByText(ANSWER).waitFor();
      await dialog.getByText(say.logged).waitFor();
      await sound();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.getByLabel(say.day, { exact: true }).fill("2020-02-02");
      await page.getByText(say.nothingThen).waitFor();
      await page.getByLabel(say.day, { exact: true }).fill("");
      await page.getByRole("button", { name: say.open }).first().waitFor();
      await page.goto(`${BASE}/school/audit`);
      await page.getByText("models.transcript_read", { exact: true }).first().waitFor();
      assert.equal(await page.getByText("models.transcript_read", { exact: true }).count(), 1, "it was opened once");
      await page.goto(`${BASE}/school/models`);
    });

    it("revokes the key, and removes the provider that no route leads to", async () => {
      await open("keys");
      await button(say.revoke("Library")).click();
      await page.getByRole("dialog").getByRole("button", { name: say.revokeIt, exact: true }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await row("Library").waitFor({ state: "detached" });
      await until(async () => (await ask("music")).status === 401, "the refusal of a revoked key");
      await open("providers");
      await button(say.remove("cellar")).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button").filter({ hasText: /^(Remove|Quitar)$/ }).click();
      await dialog.waitFor({ state: "detached" });
      await row("cellar").waitFor({ state: "detached" });
      await sound();
    });
  });
}
