/** A length of time that was measured, as short as it stays exact: `0.4 s`, `12 ms`. */
export function formatDuration(milliseconds: number, language: string): string {
  if (milliseconds < 1000) {
    return new Intl.NumberFormat(language, { style: "unit", unit: "millisecond", maximumFractionDigits: 0 }).format(milliseconds);
  }
  return formatSeconds(milliseconds / 1000, language);
}

export function formatSeconds(seconds: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "unit", unit: "second", maximumFractionDigits: seconds < 10 ? 1 : 0 }).format(seconds);
}

/** A place in a piece: `1:07`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function formatDate(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

export function formatDay(iso: string, language: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(date);
}

export function formatPercent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}
