import i18next from "i18next";
import type { Filled } from "./filled";

/** Adds the sentences of a page that is loaded when it is wanted, beside those that are there. */
export function addSentences<T extends object>(en: T, es: Filled<T>): void {
  i18next.addResourceBundle("en", "translation", en, true, true);
  i18next.addResourceBundle("es", "translation", es, true, true);
}
