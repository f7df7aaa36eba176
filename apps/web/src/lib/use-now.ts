import { useState } from "react";

/** The moment, in milliseconds since 1970, at which the calling component appeared: how long ago things were, told from there. */
export function useNow(): number {
  const [now] = useState(() => Date.now());
  return now;
}
