import { send } from "./client";

/** The name that a server gave a file; the encoded form (RFC 5987) says accents right, so it goes first. */
export function fileNameOf(disposition: string | null): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // A malformed name is no name.
    }
  }
  return /filename="([^"]+)"/i.exec(disposition ?? "")?.[1];
}

/** Fetches a file in the name of whoever is signed in and hands it to the browser to keep: a plain link carries no token. */
export async function saveFile(path: string, fallback: string): Promise<void> {
  const response = await send(path);
  const name = fileNameOf(response.headers.get("Content-Disposition")) ?? fallback;
  keepFile(await response.blob(), name);
}

/** Hands the browser a file to keep. */
export function keepFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser needs the address until it has begun to read.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
