import { json, send } from "./client";
import { readMashup } from "./generate";
import type { Mashup, RemixChange, StepEvent } from "./types";

const path = (id: string) => `/mashup/${encodeURIComponent(id)}`;

/** Changes title or sharing; refused when somebody else changed the piece since it was read. */
export function changeMashup(mashup: Pick<Mashup, "id" | "version">, change: { title?: string; shared?: boolean }): Promise<Mashup> {
  return json<Mashup>(path(mashup.id), { method: "PATCH", body: JSON.stringify(change), headers: { "If-Match": `"v${mashup.version}"` } });
}

export async function deleteMashup(id: string): Promise<void> {
  await send(path(id), { method: "DELETE" });
}

export async function restoreMashup(id: string): Promise<void> {
  await send(`${path(id)}/restore`, { method: "POST" });
}

/** Makes a changed version of a piece, telling of each step. */
export function remixMashup(id: string, change: RemixChange, onStep: (event: StepEvent) => void): Promise<Mashup> {
  return readMashup(`${path(id)}/remix`, { change }, undefined, onStep);
}

export const EXPORTS = ["midi", "musicxml", "abc", "wav", "ogg", "lesson", "json"] as const;
export type ExportKind = (typeof EXPORTS)[number];

/** Where a download is, under the API's root. The lesson comes in the language of the interface. */
export function exportPath(id: string, kind: ExportKind, language: string): string {
  return `${path(id)}/export/${kind === "lesson" ? `lesson.pdf?language=${language}` : kind}`;
}
