import type { en } from "./en";
import { help } from "./es/help";
import { home } from "./es/home";
import { session } from "./es/session";
import { sources } from "./es/sources";
import type { Filled } from "./filled";

/** The sentences of the first page in Spanish; a missing one does not compile. */
export const es: Filled<typeof en> = { ...home, ...help, ...sources, ...session };
