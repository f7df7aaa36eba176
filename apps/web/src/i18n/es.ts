import type { en } from "./en";
import { help } from "./es/help";
import { home } from "./es/home";
import { sources } from "./es/sources";
import { studio } from "./es/studio";

type Filled<T> = { [K in keyof T]: T[K] extends string ? string : Filled<T[K]> };

/** Every sentence of the interface in Spanish; a missing one does not compile. */
export const es: Filled<typeof en> = { ...home, ...help, ...sources, ...studio };
