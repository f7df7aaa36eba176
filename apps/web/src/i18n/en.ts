import { help } from "./en/help";
import { home } from "./en/home";
import { sources } from "./en/sources";
import { studio } from "./en/studio";

/** Every sentence of the interface in English: the shape that each other language must fill. */
export const en = { ...home, ...help, ...sources, ...studio };
