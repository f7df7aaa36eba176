import { useSettings } from "@/lib/settings";
import { keeper } from "@/session/session";
import { afterGreeting } from "./greeting";
import { Problem } from "./problem";

export const BASE = "/api/v1";

async function ask(path: string, init: RequestInit, token: string | undefined): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Accept-Language", useSettings.getState().language);
  if (init.body !== undefined) headers.set("Content-Type", headers.get("Content-Type") ?? "application/json");
  if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
  try {
    return await afterGreeting(() => fetch(`${BASE}${path}`, { ...init, headers, credentials: "same-origin" }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Problem.network();
  }
}

/**
 * Sends a request as whoever is signed in, or as a visitor, and hands back the response when it is a success; anything else
 * is thrown as a `Problem`. A token that is refused is renewed once: another device may have changed it.
 */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const token = await keeper.bearer();
  let response = await ask(path, init, token);
  if (response.status === 401 && token !== undefined) {
    await keeper.replace(token);
    response = await ask(path, init, await keeper.bearer());
  }
  if (!response.ok) throw await Problem.of(response);
  return response;
}

/** Sends a request in nobody's name: to sign in, or to answer a letter. */
export async function sendAsNobody(path: string, body?: unknown): Promise<Response> {
  const response = await ask(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }, undefined);
  if (!response.ok) throw await Problem.of(response);
  return response;
}

/** The JSON answer of a request; its type is what the OpenAPI description promises. */
export async function json<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await send(path, init);
  return (await response.json()) as T;
}
