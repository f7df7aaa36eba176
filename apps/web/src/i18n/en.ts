import { help } from "./en/help";
import { home } from "./en/home";
import { session } from "./en/session";
import { sources } from "./en/sources";

/** The sentences of the first page in English; those of other pages come with them (`studio.ts`, `people.ts`, `school.ts`). */
export const en = { ...home, ...help, ...sources, ...session };
