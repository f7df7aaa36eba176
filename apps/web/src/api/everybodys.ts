/** Marks what was fetched in nobody's name: it stays when somebody signs in or out. */
export const everybodys: Readonly<Record<string, unknown>> = { everybodys: true };
