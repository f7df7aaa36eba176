/** The mark: two records that overlap, one of each colour. */
export function Rings({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 56 40" className={className} aria-hidden="true" fill="none" strokeWidth="3">
      <g stroke="var(--accent)">
        <circle cx="20" cy="20" r="17" />
        <circle cx="20" cy="20" r="11" />
      </g>
      <g stroke="var(--signal)">
        <circle cx="36" cy="20" r="17" />
        <circle cx="36" cy="20" r="11" />
      </g>
      <circle cx="28" cy="20" r="3.5" fill="var(--ink)" />
    </svg>
  );
}
