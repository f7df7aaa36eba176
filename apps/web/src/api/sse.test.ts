import { describe, expect, it } from "vitest";
import { EventParser, readEvents } from "./sse";

const STREAM = ': hello\r\nevent: step\r\ndata: {"a":1}\r\nid: 7\r\n\r\ndata: one\ndata: two\n\nevent: lost\n\n';

describe("event parser", () => {
  it("reads fields, comments, several data lines, and keeps the last id", () => {
    expect(new EventParser().push(STREAM)).toEqual([
      { event: "step", data: '{"a":1}', id: "7" },
      { event: "message", data: "one\ntwo", id: "7" },
    ]);
  });

  it("gives the same events however the stream is cut", () => {
    const whole = new EventParser().push(STREAM);
    for (let size = 1; size < STREAM.length; size += 1) {
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < STREAM.length; at += size) events.push(...parser.push(STREAM.slice(at, at + size)));
      expect(events, `pieces of ${size}`).toEqual(whole);
    }
  });

  it("decodes a letter that is cut between two chunks", async () => {
    const bytes = new TextEncoder().encode("data: canción\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 11));
        controller.enqueue(bytes.slice(11));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(body)) events.push(event.data);
    expect(events).toEqual(["canción"]);
  });
});
