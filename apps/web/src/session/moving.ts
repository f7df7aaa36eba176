/** How long, in milliseconds, the work of a visitor may take to come along into an account. */
const PATIENCE = 10_000;

let since = Number.NEGATIVE_INFINITY;

/** A visitor's work begins to move into an account; each room of the program hands over its part when it hears of it. */
export function workMoves(): void {
  since = Date.now();
}

/** Whether work may still be on its way: what is not found now may be there in a moment. */
export function workMoving(): boolean {
  return Date.now() - since < PATIENCE;
}
