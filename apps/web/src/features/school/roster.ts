import { ROLES, type NewInvitation, type Role } from "@/api/account-types";
import { readTable } from "@/lib/csv";

/** A row of a pasted list, with what is wrong with it. */
export interface Row extends NewInvitation {
  /** Its line in the list, from 1. */
  line: number;
  trouble?: "no_address" | "twice" | "unknown_role";
}

/** The roles that an invitation can give. */
export const INVITED_ROLES = ROLES.filter((role) => role !== "super_admin");

const ADDRESS = /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/;
const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s_-]+/g, " ").trim();

/** What columns are called in lists of schools, in the languages of this page. */
const COLUMNS: Readonly<Record<string, keyof NewInvitation>> = {
  email: "email", "e mail": "email", mail: "email", address: "email", correo: "email", "correo electronico": "email", direccion: "email",
  role: "role", rol: "role", funcion: "role", papel: "role",
  "given name": "given_name", "first name": "given_name", name: "given_name", nombre: "given_name",
  "family name": "family_name", "last name": "family_name", surname: "family_name", apellido: "family_name", apellidos: "family_name",
};

const ROLE_WORDS: Readonly<Record<string, Role>> = {
  student: "student", pupil: "student", estudiante: "student", alumno: "student", alumna: "student", alumnado: "student",
  parent: "parent", guardian: "parent", madre: "parent", padre: "parent", familia: "parent", tutor: "parent", tutora: "parent",
  teacher: "teacher", docente: "teacher", profesor: "teacher", profesora: "teacher", maestro: "teacher", maestra: "teacher",
  "school admin": "school_admin", admin: "school_admin", administrator: "school_admin", administrador: "school_admin", administradora: "school_admin", direccion: "school_admin",
};

/** A role by the word that a list has for it. */
export function roleOf(word: string): Role | undefined {
  return ROLE_WORDS[fold(word)];
}

function columnsOf(header: readonly string[]): (keyof NewInvitation | undefined)[] | undefined {
  const found = header.map((cell) => COLUMNS[fold(cell)]);
  return found.includes("email") && !header.some((cell) => ADDRESS.test(cell)) ? found : undefined;
}

/** The cells of a row without a heading: the address is what looks like one, a role what is one, the rest are names in order. */
function guessed(cells: readonly string[]): Partial<Record<keyof NewInvitation, string>> {
  const row: Partial<Record<keyof NewInvitation, string>> = {};
  for (const cell of cells) {
    if (cell === "") continue;
    if (row.email === undefined && ADDRESS.test(cell)) row.email = cell;
    else if (row.role === undefined && roleOf(cell)) row.role = cell;
    else if (row.given_name === undefined) row.given_name = cell;
    else row.family_name ??= cell;
  }
  return row;
}

/** `Ana Ruiz <ana@school.example>`, as mail programs copy it, as two cells. */
function unfolded(cells: readonly string[]): string[] {
  return cells.flatMap((cell) => {
    const match = /^(.*)<([^<>]+)>$/.exec(cell);
    return match ? [(match[1] ?? "").trim(), (match[2] ?? "").trim()] : [cell];
  });
}

/** Reads a pasted list or a CSV file of people to invite. Nothing is dropped in silence: what is wrong with a row is told at it. */
export function readRoster(text: string, usual: Role): Row[] {
  const table = readTable(text);
  const columns = table[0] && columnsOf(table[0]);
  const seen = new Set<string>();
  return table.slice(columns ? 1 : 0).map((raw, i) => {
    const cells = unfolded(raw);
    const row: Partial<Record<keyof NewInvitation, string>> = columns
      ? Object.fromEntries(columns.flatMap((name, at) => (name === undefined ? [] : [[name, raw[at] ?? ""]])))
      : guessed(cells);
    const email = (row.email ?? "").toLowerCase();
    const role = row.role ? roleOf(row.role) : usual;
    const trouble = !ADDRESS.test(email) ? "no_address" : seen.has(email) ? "twice" : role === undefined ? "unknown_role" : undefined;
    seen.add(email);
    return {
      line: i + 1 + (columns ? 1 : 0),
      email: email || cells.join(" "),
      role: role ?? usual,
      ...(row.given_name ? { given_name: row.given_name } : {}),
      ...(row.family_name ? { family_name: row.family_name } : {}),
      ...(trouble ? { trouble } : {}),
    };
  });
}

/** Lists in parts of at most `size`, as many as one request takes. */
export function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
