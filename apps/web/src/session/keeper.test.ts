import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { Keeper, MARGIN, type Message, type State } from "./keeper";

const institution = { id: "i", name: "IES Triana", kind: "k12", privacy: "strict" } as const;
const person = (id: string) => ({ id, institution_id: "i", institution, role: "teacher" as const, permissions: [] });
const tokens = (name: string, seconds = 1800, id = "ana") => ({ access_token: name, token_type: "Bearer", expires_in: seconds, user: person(id) });

/** A browser with tabs: one cookie, one memory, one turn at a time, and a channel between them. */
function browser({ signedIn = true } = {}) {
  const shared = { now: 0, cookie: signedIn ? 1 : 0, remembered: signedIn, refreshes: 0, reused: 0, down: false, over: false };
  const tabs: { keeper: Keeper; states: State[]; left: number }[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = queue.then(work);
    queue = mine.catch(() => undefined);
    return mine;
  };
  let inside = 0;
  const refresh = async () => {
    inside += 1;
    if (inside > 1) shared.reused += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
    inside -= 1;
    if (shared.down) throw Problem.network();
    shared.refreshes += 1;
    if (shared.over) throw new Problem(401, { code: "session_ended" });
    return tokens(`token-${shared.refreshes}`);
  };
  const open = () => {
    const tab = { states: [] as State[], left: 0 } as (typeof tabs)[number];
    const tell = (message: Message) => tabs.filter((other) => other !== tab).forEach((other) => other.keeper.hear(structuredClone(message)));
    tab.keeper = new Keeper({
      now: () => shared.now,
      refresh,
      turn,
      tell,
      memory: { signedIn: () => shared.remembered, set: (on) => (shared.remembered = on) },
      changed: (state) => tab.states.push(state),
      leave: () => (tab.left += 1),
    });
    tabs.push(tab);
    return tab;
  };
  return { shared, open };
}

const phase = (tab: { states: State[] }) => tab.states.at(-1)?.phase;

describe("the session of a page", () => {
  it("asks for nothing when nobody is believed to be signed in", async () => {
    const { shared, open } = browser({ signedIn: false });
    const tab = open();
    await tab.keeper.start();
    expect(await tab.keeper.bearer()).toBeUndefined();
    expect([shared.refreshes, phase(tab)]).toEqual([0, "visitor"]);
  });

  it("finds its person again after a reload, and requests wait for it", async () => {
    const { open } = browser();
    const tab = open();
    void tab.keeper.start();
    expect(await tab.keeper.bearer()).toBe("token-1");
    expect(tab.states.at(-1)).toMatchObject({ phase: "member", me: { id: "ana" } });
  });

  it("refreshes once for all requests that come together, and before the token ends", async () => {
    const { shared, open } = browser();
    const tab = open();
    await tab.keeper.start();
    shared.now = 1800_000 - MARGIN + 1;
    expect(await Promise.all([tab.keeper.bearer(), tab.keeper.bearer(), tab.keeper.bearer()])).toEqual(["token-2", "token-2", "token-2"]);
    expect(shared.refreshes).toBe(2);
  });

  it("takes turns with other tabs, and uses what another one was given", async () => {
    const { shared, open } = browser();
    const tabs = [open(), open(), open()];
    await Promise.all(tabs.map((tab) => tab.keeper.start()));
    expect(await Promise.all(tabs.map((tab) => tab.keeper.bearer()))).toEqual(["token-1", "token-1", "token-1"]);
    expect([shared.refreshes, shared.reused]).toEqual([1, 0]);
  });

  it("replaces a token that was refused, and only that one", async () => {
    const { shared, open } = browser();
    const tab = open();
    await tab.keeper.start();
    await tab.keeper.replace("token-1");
    await tab.keeper.replace("token-1");
    expect(await tab.keeper.bearer()).toBe("token-2");
    expect(shared.refreshes).toBe(2);
  });

  it("ends calmly: the page keeps its person, and asks for nothing in a visitor's name", async () => {
    const { shared, open } = browser();
    const tab = open();
    await tab.keeper.start();
    shared.over = true;
    await expect(tab.keeper.replace("token-1")).rejects.toMatchObject({ status: 401, body: { code: "session_ended" } });
    await expect(tab.keeper.bearer()).rejects.toMatchObject({ body: { code: "session_ended" } });
    expect(tab.states.at(-1)).toMatchObject({ phase: "ended", me: { id: "ana" } });
    tab.keeper.goOn();
    expect(await tab.keeper.bearer()).toBeUndefined();
    expect(phase(tab)).toBe("visitor");
  });

  it("says so when the session lapsed between two visits, and the visitor goes on", async () => {
    const { shared, open } = browser();
    shared.over = true;
    const tab = open();
    await tab.keeper.start();
    expect(tab.states.at(-1)).toMatchObject({ phase: "visitor", lapsed: true });
    expect(await tab.keeper.bearer()).toBeUndefined();
    expect(shared.remembered).toBe(false);
  });

  it("does not take silence for the end", async () => {
    const { shared, open } = browser();
    shared.down = true;
    const tab = open();
    await tab.keeper.start();
    await expect(tab.keeper.bearer()).rejects.toMatchObject({ status: 0 });
    expect([tab.states.length, shared.remembered]).toEqual([0, true]);
    shared.down = false;
    expect(await tab.keeper.bearer()).toBe("token-1");
  });

  it("leaves every tab when one signs out, and enters every tab when one signs in", async () => {
    const { open } = browser();
    const [one, two] = [open(), open()];
    await Promise.all([one.keeper.start(), two.keeper.start()]);
    one.keeper.signOut();
    expect(two.left).toBe(1);
    one.keeper.goOn();
    two.keeper.goOn();
    one.keeper.adopt(tokens("fresh", 1800, "bea"));
    expect(two.states.at(-1)).toMatchObject({ phase: "member", me: { id: "bea" } });
    expect(await two.keeper.bearer()).toBe("fresh");
  });
});
