import { useEffect, useState } from "react";

/** A value once it has rested for a moment: what is typed is not asked for letter by letter. */
export function usePause<T>(value: T, milliseconds = 250): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return rested;
}
