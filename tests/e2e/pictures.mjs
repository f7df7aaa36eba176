// Takes the pictures of the README from a running program: node pictures.mjs [folder]
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BASE, launch, makePiece, scoreDrawn, visitor } from "./harness.mjs";
import { makePerson, makeSchool, noAccounts, signIn } from "./people.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images/", import.meta.url));
mkdirSync(folder, { recursive: true });

const browser = await launch();

async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${folder}/${name}.png` });
}

async function playing(page, bars) {
  for (let i = 0; i < bars; i += 1) await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: /^(Play|Reproducir)$/ }).click();
  await page.waitForTimeout(1600);
}

const laptop = await visitor(browser, { size: "laptop" });
for (const sentence of ["Blues and classical, call and response, one lesson", "Folk and electronic house for a workshop", "Country and rock for beginners, major and minor"])
  await makePiece(laptop.page, sentence);
await laptop.page.goto(BASE);
await laptop.page.locator("#prompt").waitFor();
await laptop.page.waitForTimeout(1500);
await shoot(laptop.page, "home");
await makePiece(laptop.page);
await scoreDrawn(laptop.page);
await laptop.page.getByRole("button", { name: "Colour by style" }).click();
await playing(laptop.page, 6);
await shoot(laptop.page, "studio");
await laptop.page.keyboard.press("Shift+Digit2");
await laptop.page.getByRole("tabpanel").locator("button[aria-pressed]").first().click();
await shoot(laptop.page, "theory");
await laptop.page.keyboard.press("Shift+Digit4");
await shoot(laptop.page, "plan");
await laptop.page.keyboard.press("v");
await laptop.page.keyboard.press("Shift+Digit5");
await laptop.page.getByRole("button", { name: "Start the quiz" }).click();
await shoot(laptop.page, "quiz");

const brought = await visitor(browser, { size: "laptop" });
await brought.page.goto(BASE);
const fixture = (name) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
await brought.page.locator("input[type=file]").setInputFiles(["ode-to-joy.abc", "night-bus.musicxml"].map(fixture));
await brought.page.getByRole("radio", { name: "It belongs to everybody" }).check();
await brought.page.getByRole("button", { name: "Bring it in" }).click();
await brought.page.getByRole("article").nth(1).waitFor();
await brought.page.getByRole("button", { name: "Close" }).click();
await brought.page.evaluate(() => scrollBy(0, document.querySelector("article").getBoundingClientRect().top - 20));
await shoot(brought.page, "brought");

/** Adds a provider on the page for it. */
async function addProvider(page, { kind, models, agreement }) {
  await page.getByRole("combobox", { name: "Provider", exact: true }).selectOption(kind);
  await page.getByRole("textbox", { name: "Models", exact: true }).fill(models);
  if (agreement) await page.getByRole("textbox", { name: "Agreement", exact: true }).fill(agreement);
  await page.getByRole("button", { name: "Add a provider", exact: true }).click();
  await page.getByRole("heading", { name: kind, exact: true }).waitFor();
}

if (!noAccounts) {
  const office = await visitor(browser, { size: "laptop" });
  await signIn(office.page, makePerson("school_admin", { institution: makeSchool() }), { to: "/school/models/providers" });
  await addProvider(office.page, { kind: "anthropic", models: "claude-haiku-4-5", agreement: "Signed on 1 September 2026" });
  await addProvider(office.page, { kind: "openai", models: "gpt-5-mini" });
  await addProvider(office.page, { kind: "ollama", models: "llama3.2" });
  await office.page.goto(`${BASE}/school/models`);
  await office.page.getByText("Names and other personal data are replaced").waitFor();
  await office.page.evaluate(() => scrollTo(0, 60));
  await shoot(office.page, "models");
}

const { page: wall } = await visitor(browser, { size: "wall", language: "es", theme: "dark" });
await makePiece(wall, "Jazz y hip-hop para tercero de ESO, 45 minutos");
await scoreDrawn(wall);
await playing(wall, 6);
await shoot(wall, "studio-dark-es");
await wall.keyboard.press("w");
await wall.waitForTimeout(2500);
await shoot(wall, "lyrics-wall");

const phone = await visitor(browser, { size: "phone" });
await makePiece(phone.page);
await scoreDrawn(phone.page);
await playing(phone.page, 4);
await shoot(phone.page, "phone");
await browser.close();
