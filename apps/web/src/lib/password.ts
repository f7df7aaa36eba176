/** The fewest characters of a password: the one rule there is. */
export const LEAST_LENGTH = 10;

/** Beginnings of what is tried first by whoever guesses, in the languages of this page. */
const GUESSED = [
  "password", "passwort", "contrasena", "contraseña", "clave", "qwerty", "asdf", "zxcv", "admin", "letmein", "welcome", "bienvenid", "iloveyou", "teamo",
  "tequiero", "monkey", "dragon", "football", "futbol", "baseball", "princess", "princesa", "sunshine", "master", "estrella", "barcelona", "realmadrid",
  "music", "musica", "teacher", "maestr", "profesor", "school", "escuela", "colegio", "student", "alumno", "summer", "verano", "winter", "eduai",
];

const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The text without what adds nothing to a guesser's work: repeats, runs such as `1234`, and the words tried first. */
function essence(password: string, known: readonly string[]): string {
  let rest = fold(password);
  for (const word of [...known.map(fold).filter((one) => one.length > 2), ...GUESSED.map(fold)]) rest = rest.split(word).join("·");
  const letters = Array.from(rest);
  return letters
    .filter((letter, i) => {
      const [two, one] = [letters[i - 2]?.codePointAt(0), letters[i - 1]?.codePointAt(0)];
      const here = letter.codePointAt(0) ?? 0;
      const step = one === undefined ? undefined : here - one;
      // The third of `111`, `123` or `321` follows from the two before it.
      return two === undefined || one === undefined || step === undefined || Math.abs(step) > 1 || one - two !== step;
    })
    .join("");
}

export type Strength = "short" | "weak" | "fair" | "strong";

/**
 * How hard a password is to guess, as a hint: about the count of bits that a guesser who knows the person's names, the
 * commonest words, repeats and runs still has to find. Length counts most, so that a sentence beats a riddle of signs.
 */
export function strengthOf(password: string, known: readonly string[] = []): Strength {
  if (Array.from(password).length < LEAST_LENGTH) return "short";
  const rest = essence(password, known);
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const bits = new Set(rest).size * 1.6 + Array.from(rest).length * 1.8 + kinds * 2;
  if (bits < 34) return "weak";
  return bits < 46 ? "fair" : "strong";
}
