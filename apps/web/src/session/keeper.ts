import type { Me, Tokens } from "@/api/account-types";
import { Problem } from "@/api/problem";

/** An access token with the moment, in milliseconds since 1970, at which it ends. */
export interface Grant {
  token: string;
  ends: number;
  user: Me;
}

/** What the tabs of a browser tell one another. */
export type Message = { kind: "granted"; grant: Grant } | { kind: "signed-out" };

/**
 * `starting` until it is known whether somebody is signed in; `ended` when a session that was open on this page is no
 * more: the page then stays as it is and asks for nothing until the person signs in again or goes on without an account.
 */
export type Phase = "starting" | "visitor" | "member" | "ended";

export interface State {
  phase: Phase;
  me: Me | undefined;
  /** Whether somebody who was signed in on an earlier visit is no longer. */
  lapsed: boolean;
}

/** What the keeper needs of the world around it. */
export interface Surroundings {
  now: () => number;
  /** Asks the server for a new access token by the cookie that only it can read. */
  refresh: () => Promise<Tokens>;
  /** Runs work while no other tab runs any: a refresh token may be used once, and twice ends the session. */
  turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells the other tabs. */
  tell: (message: Message) => void;
  /** Whether somebody is believed to be signed in on this browser: spares visitors a request that would be refused. */
  memory: { signedIn: () => boolean; set: (on: boolean) => void };
  changed: (state: State) => void;
  /** Another tab signed out: nothing of the person may stay on this page. */
  leave: () => void;
}

/** How long before its end, in milliseconds, a token is no longer sent with a request. */
export const MARGIN = 30_000;

/** Keeps the access token, in memory alone, renews it, and knows who is signed in. */
export class Keeper {
  private grant: Grant | undefined;
  private state: State = { phase: "starting", me: undefined, lapsed: false };
  private renewing: Promise<void> | undefined;
  /** Counts the times that a person left, so that an answer on its way does not bring them back. */
  private departures = 0;

  constructor(private readonly world: Surroundings) {}

  /** Finds out whether somebody is signed in. A server that does not answer leaves the question open. */
  async start(): Promise<void> {
    if (!this.world.memory.signedIn()) {
      this.become({ phase: "visitor", me: undefined });
      return;
    }
    await this.renew().catch(() => undefined);
  }

  /** The token to send with a request; undefined for a visitor. Throws where the session has ended. */
  async bearer(): Promise<string | undefined> {
    if (this.state.phase === "starting" || (this.grant && this.grant.ends - this.world.now() < MARGIN)) await this.renew();
    if (this.state.phase === "ended") throw ended();
    return this.grant?.token;
  }

  /** Called when a token was refused: resolves when there is another one to try. */
  async replace(refused: string): Promise<void> {
    if (this.grant?.token === refused) await this.renew(refused);
    if (this.state.phase === "ended") throw ended();
  }

  /** Takes what a sign-in handed out, and tells the other tabs. */
  adopt(tokens: Tokens): void {
    const grant = { token: tokens.access_token, ends: this.world.now() + tokens.expires_in * 1000, user: tokens.user };
    this.take(grant);
    this.world.tell({ kind: "granted", grant });
  }

  /** A changed profile: the same person under another name. */
  rename(me: Me): void {
    if (!this.grant) return;
    this.grant = { ...this.grant, user: { ...this.grant.user, ...me } };
    this.become({ phase: "member", me: this.grant.user });
    this.world.tell({ kind: "granted", grant: this.grant });
  }

  /** The person signed out here. */
  signOut(): void {
    this.forget();
    this.world.tell({ kind: "signed-out" });
  }

  /** Goes on without an account after a session has ended. */
  goOn(): void {
    this.forget();
    this.become({ phase: "visitor", me: undefined });
  }

  /** The notice that a session lapsed was read. */
  noticed(): void {
    this.become({ phase: this.state.phase, me: this.state.me });
  }

  /** Tries once for a session that was opened elsewhere: by a provider of single sign-on. */
  async open(): Promise<boolean> {
    this.world.memory.set(true);
    await this.renew();
    return this.grant !== undefined;
  }

  hear(message: Message): void {
    if (message.kind === "granted") {
      this.take(message.grant);
      return;
    }
    const wasIn = this.state.phase !== "visitor";
    this.forget();
    if (wasIn) this.world.leave();
  }

  private renew(refused?: string): Promise<void> {
    this.renewing ??= this.world
      .turn(() => this.refreshed(refused))
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }

  private async refreshed(refused: string | undefined): Promise<void> {
    // While this tab waited for its turn, another one may have refreshed and told.
    if (this.grant && this.grant.token !== refused && this.grant.ends - this.world.now() > MARGIN) return;
    const { departures } = this;
    try {
      const tokens = await this.world.refresh();
      if (departures === this.departures) this.adopt(tokens);
    } catch (error) {
      // Only a refusal says that the session is over; silence says nothing.
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      const wasOpen = this.grant !== undefined;
      this.forget();
      if (wasOpen) this.become({ phase: "ended", me: this.state.me });
      else this.become({ phase: "visitor", me: undefined, lapsed: true });
    }
  }

  private take(grant: Grant): void {
    this.grant = grant;
    this.world.memory.set(true);
    this.become({ phase: "member", me: grant.user });
  }

  private forget(): void {
    this.departures += 1;
    this.grant = undefined;
    this.world.memory.set(false);
  }

  private become(state: Omit<State, "lapsed"> & { lapsed?: boolean }): void {
    this.state = { lapsed: false, ...state };
    this.world.changed(this.state);
  }
}

function ended(): Problem {
  return new Problem(401, { code: "session_ended", title: "session ended" });
}
