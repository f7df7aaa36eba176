/** One event of a `text/event-stream`, as the HTML standard defines its fields. */
export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

/**
 * A parser for `text/event-stream` that may be fed pieces cut anywhere, even between CR and LF.
 *
 * The browser's own `EventSource` can only GET; a generation is a POST, so its stream is read by hand.
 */
export class EventParser {
  private rest = "";
  private event = "";
  private data: string[] = [];
  private id = "";

  /** Takes the next piece of text and returns the events that it completes. */
  push(text: string): ServerEvent[] {
    this.rest += text;
    const done: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest);
      if (!end) return done;
      const line = this.rest.slice(0, end.index);
      this.rest = this.rest.slice(end.index + end[0].length);
      const event = this.line(line);
      if (event) done.push(event);
    }
  }

  private line(line: string): ServerEvent | undefined {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return undefined;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.event = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return undefined;
  }

  private dispatch(): ServerEvent | undefined {
    const event = this.data.length > 0 ? { event: this.event || "message", data: this.data.join("\n"), id: this.id } : undefined;
    this.event = "";
    this.data = [];
    return event;
  }
}

/** The events of a streamed response body, one at a time, until it ends or the reader stops asking. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      yield* parser.push(done ? `${decoder.decode()}\n` : decoder.decode(value, { stream: true }));
      if (done) return;
    }
  } finally {
    await reader.cancel();
  }
}
