import { create } from "zustand";
import type { Me, Tokens } from "@/api/account-types";
import { Problem } from "@/api/problem";
import { useSettings } from "@/lib/settings";
import { Keeper, type Message, type State } from "./keeper";
import { inTurn } from "./turn";

const MEMORY = "eduai.signed-in";

/** Who is signed in, for the pages. */
export const useSession = create<State>()(() => ({ phase: "starting", me: undefined, lapsed: false }));

// Storage may be switched off; then a reload asks for signing in again, and nothing else changes.
const memory = {
  signedIn: () => {
    try {
      return localStorage.getItem(MEMORY) === "yes";
    } catch {
      return false;
    }
  },
  set: (on: boolean) => {
    try {
      if (on) localStorage.setItem(MEMORY, "yes");
      else localStorage.removeItem(MEMORY);
    } catch {
      // As above.
    }
  },
};

async function refresh(): Promise<Tokens> {
  let response: Response;
  try {
    response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json", "Accept-Language": useSettings.getState().language },
      credentials: "same-origin",
    });
  } catch {
    throw Problem.network();
  }
  if (!response.ok) throw await Problem.of(response);
  return (await response.json()) as Tokens;
}

const channel = new BroadcastChannel("eduai.session");

/** The one keeper of this page. */
export const keeper = new Keeper({
  now: () => Date.now(),
  refresh,
  turn: inTurn,
  tell: (message) => channel.postMessage(message),
  memory,
  changed: (state) => useSession.setState(state),
  leave: () => location.assign("/"),
});

channel.addEventListener("message", ({ data }: MessageEvent<Message>) => keeper.hear(data));

/** Renews ahead of need while the page is looked at, so that no click waits for it. */
export function keepFresh(): void {
  const EVERY = 20_000;
  setInterval(() => {
    if (document.visibilityState === "visible" && useSession.getState().phase === "member") void keeper.bearer().catch(() => undefined);
  }, EVERY);
}

/** Whether a person holds a permission: `users.read` is also held by who has `users.*` or `*`. */
export function may(me: Pick<Me, "permissions"> | undefined, permission: string): boolean {
  const parts = permission.split(".");
  const held = new Set(me?.permissions ?? []);
  if (held.has("*") || held.has(permission)) return true;
  return parts.some((_, i) => held.has(`${parts.slice(0, i).join(".")}.*`));
}
