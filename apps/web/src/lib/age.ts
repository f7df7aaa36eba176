/** Whole years from a birth date (`2012-05-31`) to a day; undefined for what is no date or lies ahead. */
export function ageOn(birthDate: string, today: Date): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const born = new Date(Date.UTC(year, month - 1, day));
  if (born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day) return undefined;
  const [thisMonth, thisDay] = [today.getMonth() + 1, today.getDate()];
  const had = thisMonth > month || (thisMonth === month && thisDay >= day);
  const age = today.getFullYear() - year - (had ? 0 : 1);
  return age < 0 || age > 130 ? undefined : age;
}

/** The age below which every country that is known here asks a parent or guardian first; some ask for longer. */
export const ALWAYS_ASKS_GUARDIAN = 13;
