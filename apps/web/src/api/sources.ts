import { useSettings } from "@/lib/settings";
import { keeper } from "@/session/session";
import { BASE, json, send } from "./client";
import { afterGreeting } from "./greeting";
import { Problem, type ProblemBody } from "./problem";
import type { Licence, Source, SourcePlayback } from "./types";

const ROOT = "/mashup/sources";
const path = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;

/** A file that somebody brings, with what was said of it. */
export interface Bringing {
  file: Blob;
  name: string;
  licence: Licence;
  credit: string;
  /** Which tune of the file, from 1. */
  tune: number;
}

/** The problem that the body of a refusal tells of; the bare status where it tells of none. */
function refusal(status: number, text: string, retryAfter: string | null): Problem {
  let body: ProblemBody = {};
  try {
    const read: unknown = JSON.parse(text);
    if (read !== null && typeof read === "object") body = read;
  } catch {
    // A proxy on the way may answer in its own words.
  }
  const wait = Number(retryAfter ?? Number.NaN);
  return new Problem(status, body, Number.isFinite(wait) ? wait : undefined);
}

/**
 * Sends a file, telling which share of it has left, 0 to 1. Resolves with what the file is, and whether it was new.
 *
 * `fetch` does not tell how far an upload is, so this is an `XMLHttpRequest`.
 */
export async function bringSource({ file, name, licence, credit, tune }: Bringing, onSent: (share: number) => void, signal: AbortSignal): Promise<{ source: Source; fresh: boolean }> {
  const query = new URLSearchParams({ name, licence, ...(credit ? { credit } : {}), ...(tune > 1 ? { tune: String(tune) } : {}) });
  const upload = (token: string | undefined) =>
    new Promise<{ source: Source; fresh: boolean }>((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${BASE}${ROOT}?${query.toString()}`);
      request.setRequestHeader("Accept-Language", useSettings.getState().language);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      if (token !== undefined) request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
      request.upload.onload = () => onSent(1);
      request.onerror = () => reject(Problem.network());
      request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
      request.onload = () => {
        const { status, responseText } = request;
        if (status === 200 || status === 201) resolve({ source: JSON.parse(responseText) as Source, fresh: status === 201 });
        else reject(refusal(status, responseText, request.getResponseHeader("Retry-After")));
      };
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(file);
    });
  const token = await keeper.bearer();
  return afterGreeting(() => upload(token));
}

export async function deleteSource(id: string): Promise<void> {
  await send(path(id), { method: "DELETE" });
}

export function restoreSource(id: string): Promise<Source> {
  return json<Source>(`${path(id)}/restore`, { method: "POST" });
}

export function sourcePlayback(id: string, signal?: AbortSignal): Promise<SourcePlayback> {
  return json<SourcePlayback>(`${path(id)}/playback`, signal ? { signal } : {});
}
