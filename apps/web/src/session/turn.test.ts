import { describe, expect, it } from "vitest";
import { leased } from "./turn";

function storage(first?: string) {
  const kept = new Map<string, string>(first === undefined ? [] : [["eduai.refresh", first]]);
  return { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, text: string) => void kept.set(name, text), removeItem: (name: string) => void kept.delete(name) };
}

describe("a turn written down in storage", () => {
  it("is had by one tab at a time", async () => {
    const shared = storage();
    let inside = 0;
    let most = 0;
    const work = async (name: string) => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
      return name;
    };
    expect(await Promise.all(["a", "b", "c"].map((name) => leased(() => work(name), shared)))).toEqual(["a", "b", "c"]);
    expect(most).toBe(1);
    expect(shared.getItem("eduai.refresh")).toBeNull();
  });

  it("is free again after work that failed, and when a tab was closed in the middle of it", async () => {
    const shared = storage();
    await expect(leased(() => Promise.reject(new Error("no")), shared)).rejects.toThrow("no");
    expect(await leased(() => Promise.resolve(1), shared)).toBe(1);
    expect(await leased(() => Promise.resolve(2), storage(`closed ${Date.now() - 1}`))).toBe(2);
  });
});
