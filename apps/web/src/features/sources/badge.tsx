import { deskColour } from "./facts";

/** The number of a piece on the desk, in its colour. Decoration: its title stands beside it or in the name of the control. */
export function Badge({ place, className = "size-7" }: { place: number; className?: string }) {
  return (
    <span className={`${className} nums grid shrink-0 place-items-center rounded-md font-bold leading-none text-paper`} style={{ background: deskColour(place) }} aria-hidden="true">
      {place + 1}
    </span>
  );
}
