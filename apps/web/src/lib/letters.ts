import { useLocation } from "@tanstack/react-router";

/** The page of this program that an address names; the first page for anything that leads elsewhere. */
export function ownPath(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[^\s]*$/.test(to) ? to : "/";
}

/** The token in an address's fragment: all of it, or what is named so. */
export function tokenOf(hash: string): string {
  const bare = hash.replace(/^#/, "");
  return new URLSearchParams(bare).get("token") ?? (/^[\w.~-]+$/.test(bare) ? bare : "");
}

/** The token of the letter whose link was followed: after `#`, where no server on the way sees it, or in the query. */
export function useToken(): string {
  const { hash, search } = useLocation();
  const named = (search as Record<string, string | undefined>)["token"];
  return named ?? tokenOf(hash);
}
