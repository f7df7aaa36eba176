export interface EngraveRequest {
  id: number;
  musicxml: string;
  /** Pixels that a system may take. */
  width: number;
  /** Size of the notes in per cent. */
  scale: number;
  /** For sheets of A4 with the title on the first one, instead of one long page for the screen. */
  paper?: "score" | "part";
}

export type Engraved = { id: number; pages: string[] } | { id: number; error: string };

let shared: Worker | undefined;
let requests = 0;

/** The one engraving worker of the page: its seven megabytes are loaded once, for all pieces that are opened. */
function worker(): Worker {
  shared ??= new Worker(new URL("./score.worker.ts", import.meta.url), { type: "module" });
  return shared;
}

/** Loads the engraver before there is a score, so that it is there when the first one comes. */
export function warmEngraver(): void {
  worker().postMessage({ id: 0, musicxml: "", width: 0, scale: 0 } satisfies EngraveRequest);
}

/** One reader of the engraving worker. A newer request overtakes an older one that still waits. */
export class Engraver {
  private latest = 0;
  private readonly leave = new AbortController();

  constructor(onEngraved: (engraved: Engraved) => void) {
    const { signal } = this.leave;
    worker().addEventListener(
      "message",
      ({ data }: MessageEvent<Engraved>) => {
        if (data.id === this.latest) onEngraved(data);
      },
      { signal },
    );
    worker().addEventListener(
      "error",
      () => {
        // A worker that failed to load stays broken: the next reader gets a new one.
        shared = undefined;
        onEngraved({ id: this.latest, error: "the engraver could not be loaded" });
      },
      { signal },
    );
  }

  engrave(request: Omit<EngraveRequest, "id">): void {
    requests += 1;
    this.latest = requests;
    worker().postMessage({ ...request, id: this.latest } satisfies EngraveRequest);
  }

  close(): void {
    this.leave.abort();
  }
}

/** Engraves a score, or one part of it, on sheets of paper: a drawing a page. */
export function engravePages(musicxml: string, paper: "score" | "part"): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const engraver = new Engraver((engraved) => {
      engraver.close();
      if ("pages" in engraved) resolve(engraved.pages);
      else reject(new Error(engraved.error));
    });
    engraver.engrave({ musicxml, width: 0, scale: 100, paper });
  });
}
