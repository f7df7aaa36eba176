import { beforeEach, describe, expect, it, vi } from "vitest";

describe("the first request of a page", () => {
  beforeEach(() => vi.resetModules());

  const asked = () => {
    const log: string[] = [];
    const doors = new Map<string, { open: () => void; slam: () => void }>();
    const ask = (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        log.push(name);
        doors.set(name, { open: () => resolve(name), slam: () => reject(new Error(name)) });
      });
    return { log, doors, ask };
  };
  const moment = () => new Promise((resolve) => setTimeout(resolve, 0));

  it("goes alone; the others follow its answer, side by side", async () => {
    const { afterGreeting } = await import("./greeting");
    const { log, doors, ask } = asked();
    const all = ["library", "sources", "generate"].map((name) => afterGreeting(ask(name)));
    await moment();
    expect(log).toEqual(["library"]);
    doors.get("library")?.open();
    await moment();
    expect(log).toEqual(["library", "sources", "generate"]);
    for (const door of doors.values()) door.open();
    expect(await Promise.all(all)).toEqual(["library", "sources", "generate"]);
  });

  it("hands its place to the next when it fails", async () => {
    const { afterGreeting } = await import("./greeting");
    const { log, doors, ask } = asked();
    const [first, ...others] = ["library", "sources", "generate"].map((name) => afterGreeting(ask(name)));
    await moment();
    doors.get("library")?.slam();
    await expect(first).rejects.toThrow("library");
    await moment();
    expect(log).toEqual(["library", "sources"]);
    doors.get("sources")?.open();
    await moment();
    doors.get("generate")?.open();
    expect(await Promise.all(others)).toEqual(["sources", "generate"]);
  });
});
