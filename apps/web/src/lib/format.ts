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

/** A wait of minutes or hours, rounded up: `15 minutes`. */
export function formatWait(seconds: number, language: string): string {
  const [value, unit] = seconds < 5400 ? [Math.ceil(seconds / 60), "minute"] : [Math.ceil(seconds / 3600), "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

/** How long ago a moment was, in the largest unit that fits: `3 hours ago`. */
export function formatAgo(iso: string, now: number, language: string): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) return "";
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const steps = [
    [60, 1, "second"],
    [3600, 60, "minute"],
    [86_400, 3600, "hour"],
    [2_592_000, 86_400, "day"],
    [31_536_000, 2_592_000, "month"],
  ] as const;
  const step = steps.find(([below]) => Math.abs(seconds) < below);
  return step ? words.format(Math.round(seconds / step[1]), step[2]) : words.format(Math.round(seconds / 31_536_000), "year");
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

/** A time to keep something: in years of 365 days where it is whole ones, else in days. */
export function formatDays(days: number, language: string): string {
  const [value, unit] = days > 0 && days % 365 === 0 ? [days / 365, "year"] : [days, "day"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

export function formatPercent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}
