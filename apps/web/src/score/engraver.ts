export interface EngraveRequest {
  id: number;
  musicxml: string;
  /** Pixels that a system may take. */
  width: number;
  /** Size of the notes in per cent. */
  scale: number;
}

export type Engraved = { id: number; pages: string[] } | { id: number; error: string };

/** The page's side of the engraving worker. A newer request overtakes an older one that still waits. */
export class Engraver {
  private readonly worker = new Worker(new URL("./score.worker.ts", import.meta.url), { type: "module" });
  private latest = 0;

  constructor(onEngraved: (engraved: Engraved) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Engraved>) => {
      if (data.id === this.latest) onEngraved(data);
    };
    this.worker.onerror = () => onEngraved({ id: this.latest, error: "the engraver could not be loaded" });
  }

  engrave(request: Omit<EngraveRequest, "id">): void {
    this.latest += 1;
    this.worker.postMessage({ ...request, id: this.latest } satisfies EngraveRequest);
  }

  close(): void {
    this.worker.terminate();
  }
}
