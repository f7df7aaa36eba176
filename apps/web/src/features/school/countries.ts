/** Countries of ISO 3166-1, by their two letters, of schools that speak a language of this page or are near one. */
const COUNTRIES = "AD AR AT AU BE BO BR CA CH CL CO CR CU DE DK DO EC ES FI FR GB GQ GR GT HN IE IN IT LU MX NI NL NO NZ PA PE PH PL PR PT PY SE SV US UY VE ZA".split(" ");

/** The countries in the reader's language and order, with the one that is set even where the list has it not. */
export function countryOptions(language: string, present: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: "region" });
  const known = COUNTRIES.includes(present) || present === "" ? COUNTRIES : [present, ...COUNTRIES];
  return known.map((value) => ({ value, label: names.of(value) ?? value })).toSorted((a, b) => a.label.localeCompare(b.label, language));
}
