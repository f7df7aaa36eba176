/** A class code as it is sent: without the spaces and dashes that help the eye, in capitals. */
export function cleanCode(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/[\s\-–—·.]/g, "")
    .toUpperCase()
    .slice(0, 16);
}

/** A class code as it is printed: in two halves. */
export function printedCode(code: string): string {
  const half = Math.ceil(code.length / 2);
  return code.length < 6 ? code : `${code.slice(0, half)} ${code.slice(half)}`;
}
