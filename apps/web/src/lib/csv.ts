/** The separator that the first line of a table uses most, outside of quotes. */
function separatorOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, "");
  const [best] = [",", ";", "\t"].map((sign) => [sign, line.split(sign).length] as const).toSorted((a, b) => b[1] - a[1]);
  return best?.[0] ?? ",";
}

/**
 * The rows of a table as spreadsheets save or copy it (RFC 4180, also with semicolons or tabs): quoted cells may hold
 * separators, line breaks and doubled quotes. Empty rows are left out; a byte order mark is no part of the first cell.
 */
export function readTable(source: string): string[][] {
  const text = source.replace(/^\uFEFF/, "");
  const separator = separatorOf(text);
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    rows.at(-1)?.push(cell.trim());
    cell = "";
  };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? "";
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (sign === '"' && cell.trim() === "") {
      cell = "";
      quoted = true;
    } else if (sign === separator) endCell();
    else if (sign === "\n" || sign === "\r") {
      endCell();
      rows.push([]);
    } else cell += sign;
  }
  endCell();
  return rows.filter((row) => row.some((one) => one !== ""));
}

/** What a spreadsheet would take for a formula when it opens the file (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

function cellOf(value: string | number): string {
  const text = String(value);
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A table as a file for spreadsheets (RFC 4180), with a byte order mark, by which they know that it is UTF-8. */
export function writeTable(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("")}`;
}
