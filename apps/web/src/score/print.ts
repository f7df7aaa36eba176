import { cleanDrawing } from "./musicxml";

/** Marks the document while sheets of music are printed: the style sheet then hides all else. */
const PRINTING = "printing-score";

/**
 * Gives drawings to the printer, a sheet each; there "save as PDF" makes a file of them. The page is as it was as soon as
 * the dialogue is closed.
 */
export function printSheets(pages: readonly string[], title: string): void {
  const sheets = document.createElement("div");
  sheets.className = "score-sheets";
  sheets.append(...pages.flatMap((page) => cleanDrawing(page) ?? []));
  document.body.append(sheets);
  document.documentElement.classList.add(PRINTING);
  // Printers and files take their name from the document.
  const own = document.title;
  document.title = title;
  addEventListener(
    "afterprint",
    () => {
      sheets.remove();
      document.documentElement.classList.remove(PRINTING);
      document.title = own;
    },
    { once: true },
  );
  print();
}
