declare module "verovio/esm" {
  /** The part of the engraver's interface that this program uses. */
  export class VerovioToolkit {
    constructor(module: unknown);
    setOptions(options: Record<string, unknown>): void;
    loadData(data: string): boolean;
    getPageCount(): number;
    renderToSVG(page: number): string;
    redoLayout(): void;
    getVersion(): string;
  }
}
