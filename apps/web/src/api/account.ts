/** Requests of the pages with which people sign in, and of those about their own account. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  ClassDoor, Consent, DataRequest, DeviceSession, GuardianLetter, Identity, InstitutionName, Invitation, Me, Passkey, Provider, Registered, Registration, Relation, RequestKind, Tokens,
} from "./account-types";
import { json, send, sendAsNobody } from "./client";
import { everybodys } from "./everybodys";
import type { Page } from "./types";

const post = <T>(path: string, body: unknown) => json<T>(path, { method: "POST", body: JSON.stringify(body) });
const open = async <T>(path: string, body?: unknown) => (await (await sendAsNobody(path, body)).json()) as T;
const part = (text: string) => encodeURIComponent(text);

export const signIn = (body: { email: string; password: string; institution_id?: string; keep_guest_work?: boolean }) => open<Tokens>("/auth/login", body);
export const register = (body: Registration) => open<Registered>("/auth/register", body);
export const signInToClass = (body: { code: string; nickname: string; pin?: string; pictures?: string[] }) => open<Tokens>("/auth/class", body);
export const classDoor = (code: string) => open<ClassDoor>(`/auth/class/${part(code)}`);
export const passkeyOptions = () => open<{ flow_id: string; options: unknown }>("/auth/passkey/options", {});
export const signInByPasskey = (body: { flow_id: string; credential: unknown; keep_guest_work?: boolean }) => open<Tokens>("/auth/passkey", body);
export const forgotPassword = (email: string) => sendAsNobody("/auth/password/forgot", { email });
export const resetPassword = (body: { token: string; password: string }) => sendAsNobody("/auth/password/reset", body);
export const verifyEmail = (token: string) => sendAsNobody("/auth/email/verify", { token });
export const resendVerification = () => send("/auth/email/resend", { method: "POST" });

/** Where a browser goes to sign in with a provider; it comes back to a page that finishes. */
export function providerUrl(id: string, to: string, keep: boolean, institution: string | undefined): string {
  const done = `/sign-in/done?to=${part(to)}${institution ? `&institution=${part(institution)}` : ""}`;
  return `/api/v1/auth/oidc/${part(id)}/start?return_to=${part(done)}${keep ? "&keep_guest_work=true" : ""}`;
}

/** The providers that stand on the page for signing in, or all of one school. */
export const providersQuery = (institution: string | undefined) =>
  queryOptions({
    queryKey: ["providers", institution],
    meta: everybodys,
    queryFn: async () => (await open<Page<Provider>>(`/auth/providers${institution ? `?institution_id=${part(institution)}` : ""}`)).items,
    staleTime: 60_000,
    retry: false,
  });
export const openInstitutionsQuery = queryOptions({ queryKey: ["institutions", "open"], meta: everybodys, queryFn: async () => (await open<Page<InstitutionName>>("/auth/institutions")).items });
export const invitationQuery = (token: string) =>
  queryOptions({ queryKey: ["invitation", token], meta: everybodys, queryFn: () => open<Invitation>(`/auth/invitations/${part(token)}`), staleTime: Infinity, retry: false });

export const meKey = ["me"] as const;
export const meQuery = queryOptions({ queryKey: meKey, queryFn: ({ signal }) => json<Me>("/me", { signal }) });
export const changeMe = (version: number, change: { given_name?: string; family_name?: string; locale?: string }) =>
  json<Me>("/me", { method: "PATCH", body: JSON.stringify(change), headers: { "If-Match": `"v${version}"` } });
export const changePassword = (body: { current_password?: string; new_password: string }) => send("/me/password", { method: "POST", body: JSON.stringify(body) });

export const sessionsQuery = queryOptions({ queryKey: ["me", "sessions"], queryFn: async ({ signal }) => (await json<Page<DeviceSession>>("/me/sessions", { signal })).items });
export const endSession = (id: string) => send(`/me/sessions/${part(id)}`, { method: "DELETE" });
export const endOtherSessions = () => send("/me/sessions", { method: "DELETE" });

export const passkeysQuery = queryOptions({ queryKey: ["me", "passkeys"], queryFn: async ({ signal }) => (await json<Page<Passkey>>("/me/passkeys", { signal })).items });
export const newPasskeyOptions = () => post<{ flow_id: string; options: unknown }>("/me/passkeys/options", {});
export const addPasskey = (body: { flow_id: string; name: string; credential: unknown }) => post<Passkey>("/me/passkeys", body);
export const removePasskey = (id: string) => send(`/me/passkeys/${part(id)}`, { method: "DELETE" });

export const identitiesQuery = queryOptions({ queryKey: ["me", "identities"], queryFn: async ({ signal }) => (await json<Page<Identity>>("/me/identities", { signal })).items });
export const unlinkIdentity = (id: string) => send(`/me/identities/${part(id)}`, { method: "DELETE" });

export const consentsQuery = queryOptions({ queryKey: ["me", "consents"], queryFn: ({ signal }) => json<Consent[]>("/me/consents", { signal }) });
export const setConsent = (purpose: string, body: { granted: boolean; version: number }) => json<Consent>(`/me/consents/${part(purpose)}`, { method: "PUT", body: JSON.stringify(body) });
export const guardianQuery = (token: string) =>
  queryOptions({ queryKey: ["guardian", token], meta: everybodys, queryFn: () => open<GuardianLetter>(`/consents/guardian/${part(token)}`), staleTime: Infinity, retry: false });
export const answerAsGuardian = (token: string, body: { granted: boolean; name: string; relation: Relation; purposes: string[] }) => sendAsNobody(`/consents/guardian/${part(token)}`, body);

export const myRequestsQuery = infiniteQueryOptions({
  queryKey: ["me", "requests"],
  queryFn: ({ pageParam, signal }) => json<Page<DataRequest>>(`/me/privacy/requests?limit=20${pageParam ? `&cursor=${part(pageParam)}` : ""}`, { signal }),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});
export const askRequest = (kind: RequestKind, details: string) => post<DataRequest>("/me/privacy/requests", { kind, ...(details ? { details } : {}) });
export const archivePath = (id: string) => `/me/privacy/requests/${part(id)}/archive`;
