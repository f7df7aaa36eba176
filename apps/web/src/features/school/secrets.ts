import type { Secret } from "@/api/school";
import { PICTURES } from "@/ui/pictures";

/** A number below a limit, each as likely as any other, which nobody can foresee. */
function below(limit: number): number {
  const most = Math.floor(2 ** 32 / limit) * limit;
  const drawn = new Uint32Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] ?? 0) >= most);
  return (drawn[0] ?? 0) % limit;
}

/** A new secret for a child: three different pictures, or four digits that are not all the same. */
export function drawSecret(method: "pin" | "picture"): Secret {
  if (method === "picture") {
    const rest = [...PICTURES];
    return { pictures: [0, 1, 2].flatMap(() => rest.splice(below(rest.length), 1)) };
  }
  for (;;) {
    const pin = String(below(10_000)).padStart(4, "0");
    if (new Set(pin).size > 1) return { pin };
  }
}

/** The nicknames of a pasted list, one a line or between commas, each once. */
export function readNicknames(text: string): string[] {
  const names = text.split(/[\n\r,;\t]+/).map((name) => name.trim().replace(/\s+/g, " "));
  const seen = new Set<string>();
  return names.filter((name) => {
    const look = name.toLocaleLowerCase();
    if (name === "" || seen.has(look)) return false;
    seen.add(look);
    return true;
  });
}
