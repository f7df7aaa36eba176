/** A letter with a staff for its address: something is on its way. Decoration only. */
export function Letter() {
  return (
    <svg viewBox="0 0 160 110" className="h-24 w-auto" aria-hidden="true" fill="none">
      <rect x="4" y="14" width="152" height="92" rx="8" fill="var(--surface)" stroke="var(--ink)" strokeWidth="3.500" />
      <path d="M6 20l74 50 74-50" stroke="var(--ink)" strokeWidth="3.500" strokeLinejoin="round" />
      {[0, 1, 2, 3, 4].map((i) => (
        <path key={i} d={`M22 ${78 + i * 5} H 92`} stroke="var(--edge)" strokeWidth="1.200" />
      ))}
      <circle cx="124" cy="82" r="13" fill="var(--accent)" className="mix-blend-multiply dark-screen" />
      <circle cx="136" cy="82" r="13" fill="var(--signal)" className="mix-blend-multiply dark-screen" />
    </svg>
  );
}
