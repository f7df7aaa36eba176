/** The domains of a list that is separated by spaces or commas, without the `@` that many write before them. */
export function readDomains(text: string): string[] {
  const domains = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((domain) => domain.replace(/^@/, ""));
  return [...new Set(domains.filter(Boolean))];
}
