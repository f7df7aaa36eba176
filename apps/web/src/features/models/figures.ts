import type { Period } from "@/api/model-types";

/** An amount of US dollars, with as many digits as a small one needs: `$12.50`, `$0.0018`. */
export function formatDollars(amount: string | number, language: string): string {
  const value = Number(amount);
  const small = value !== 0 && Math.abs(value) < 0.1;
  return new Intl.NumberFormat(language, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", ...(small ? { maximumSignificantDigits: 2 } : {}) }).format(value);
}

/** A large number in a few signs: `1.2M`. */
export function formatCompact(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** The name of a period that begins at a moment, by UTC as the server counts: `Nov 22`, `Nov 2026`. */
export function formatPeriod(begin: number, period: Period, language: string): string {
  const shape: Intl.DateTimeFormatOptions = period === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, { ...shape, timeZone: "UTC" }).format(begin);
}

/** The size of a model's file: `2.1 GB`, `640 MB`. */
export function formatSize(bytes: number, language: string): string {
  const [size, unit] = bytes < 1e9 ? [bytes / 1e6, "megabyte"] : [bytes / 1e9, "gigabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}
