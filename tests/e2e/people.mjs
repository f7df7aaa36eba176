// People with accounts for browser tests: made beside the running program, by its own command.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BASE, until } from "./harness.mjs";

const BIN = process.env.EDUAI_BIN;
const DATA = process.env.EDUAI_DATA_DIR;

/** Why there can be no accounts here; false where there can. The tests that need some are skipped for it. */
export const noAccounts = BIN && DATA ? false : "EDUAI_BIN and EDUAI_DATA_DIR say where the program and its data are";

export const PASSWORD = "three green parrots dine late";

function admin(args, input) {
  return execFileSync(BIN, ["admin", ...args, "--data-dir", DATA], { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
}

/** A school of its own for a suite, so that no suite sees another's people. Returns its name, by which people are put into it. */
export function makeSchool(kind = "k12") {
  const name = `School ${randomUUID().slice(0, 8)}`;
  admin(["create-institution", "--name", name, "--kind", kind, "--privacy", "standard", "--country", "ES"], "");
  return name;
}

/** Signs the end of every institution's audit log now, and writes the checkpoints into a file. */
export function checkpoints(file) {
  execFileSync(BIN, ["audit", "checkpoint", "--to", file, "--data-dir", DATA], { stdio: "pipe" });
}

export function makePerson(role, { institution, given = "Ana", family = "Ruiz" } = {}) {
  const email = `${role.replace("_", "-")}-${randomUUID().slice(0, 8)}@school.example`;
  const where = institution ? ["--institution", institution] : [];
  admin(["create-user", "--email", email, "--role", role, "--given-name", given, "--family-name", family, "--password-stdin", ...where], `${PASSWORD}\n`);
  return { email, password: PASSWORD, given, family };
}

/** Fills the form of the page for signing in, as it stands, and waits until the person is inside. */
export async function signIn(page, person, { language = "en", to = "/" } = {}) {
  await page.goto(`${BASE}/sign-in?to=${encodeURIComponent(to)}`);
  await page.locator("input[autocomplete=username]").fill(person.email);
  await page.locator("input[autocomplete=current-password]").fill(person.password);
  await page.keyboard.press("Enter");
  await menu(page, language).waitFor();
}

/** The button with the person's initials. */
export const menu = (page, language = "en") => page.getByRole("button", { name: language === "en" ? /^Account of/ : /^Cuenta de/ });

/** The lines of letters are folded for the way (RFC 2045, quoted-printable). */
const unfolded = (text) => text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Waits for a letter to an address whose link leads to a page, and returns that page's address here. */
export function letterTo(email, page) {
  const folder = join(DATA, "mail");
  const look = () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".eml"))) {
      const text = readFileSync(join(folder, name), "utf8");
      if (!text.includes(`To: ${email}`)) continue;
      const link = new RegExp(`https?://[^\\s]+(/${page}[#?][^\\s]+)`).exec(unfolded(text))?.[1];
      if (link) return BASE + link;
    }
    return undefined;
  };
  return until(look, `a letter to ${email}`, 20_000);
}
