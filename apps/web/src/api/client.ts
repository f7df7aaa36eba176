import { useSettings } from "@/lib/settings";
import { afterGreeting } from "./greeting";
import { Problem } from "./problem";

export const BASE = "/api/v1";

/** Sends a request and hands back the response when it is a success; anything else is thrown as a `Problem`. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Accept-Language", useSettings.getState().language);
  if (init.body !== undefined) headers.set("Content-Type", headers.get("Content-Type") ?? "application/json");
  let response: Response;
  try {
    response = await afterGreeting(() => fetch(`${BASE}${path}`, { ...init, headers, credentials: "same-origin" }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Problem.network();
  }
  if (!response.ok) throw await Problem.of(response);
  return response;
}

/** The JSON answer of a request; its type is what the OpenAPI description promises. */
export async function json<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await send(path, init);
  return (await response.json()) as T;
}
