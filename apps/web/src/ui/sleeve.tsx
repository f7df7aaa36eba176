import { genreColours } from "@/design/genre-colours";
import { seeded } from "@/lib/art";

interface SleeveProps {
  id: string;
  genres: readonly string[];
  className?: string;
}

function rings(cx: number, cy: number, outer: number, gap: number): { cx: number; cy: number; r: number }[] {
  const count = Math.floor(outer / gap);
  return Array.from({ length: count }, (_, i) => ({ cx, cy, r: outer - i * gap }));
}

/** The cover of a piece: one record a genre, overprinted, laid out by the piece's own id. Decoration only. */
export function Sleeve({ id, genres, className }: SleeveProps) {
  const colours = genreColours(genres.length > 0 ? genres : ["folk", "rock"]);
  const random = seeded(id);
  const angle = random() * Math.PI * 2;
  const spread = 17 + random() * 12;
  const kind = Math.floor(random() * 3);
  return (
    <svg viewBox="0 0 100 100" className={className} aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      <rect width="100" height="100" fill="var(--sunken)" />
      {colours.map((colour, i) => {
        const turn = angle + (i / colours.length) * Math.PI * 2;
        const [cx, cy] = [50 + Math.cos(turn) * spread, 50 + Math.sin(turn) * spread];
        const solid = (i + kind) % 2 === 0;
        return (
          <g key={colour.genre} className="mix-blend-multiply dark-screen">
            {solid ? (
              <>
                <circle cx={cx} cy={cy} r={34} fill={colour.css} />
                {rings(cx, cy, 31, 2.6).map((ring) => (
                  <circle key={ring.r} {...ring} fill="none" stroke="var(--sunken)" strokeWidth="0.35" opacity="0.5" />
                ))}
                <circle cx={cx} cy={cy} r={3} fill="var(--sunken)" />
              </>
            ) : (
              rings(cx, cy, 36, 4.2).map((ring) => <circle key={ring.r} {...ring} fill="none" stroke={colour.css} strokeWidth="1.7" />)
            )}
          </g>
        );
      })}
    </svg>
  );
}
