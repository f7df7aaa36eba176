import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { en } from "./en";
import type { choices } from "./en/choices";
import type { models } from "./en/models";
import type { people } from "./en/people";
import type { school } from "./en/school";
import type { signOn } from "./en/sign-on";
import type { studio } from "./en/studio";
import type { table } from "./en/table";
import { es } from "./es";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en & typeof studio & typeof table & typeof people & typeof school & typeof signOn & typeof models & typeof choices };
  }
}

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, es: { translation: es } },
  lng: useSettings.getState().language,
  fallbackLng: "en",
  interpolation: { escapeValue: false },
});

useSettings.subscribe((now, before) => {
  if (now.language !== before.language) void i18next.changeLanguage(now.language);
});

export { i18next };
