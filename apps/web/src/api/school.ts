/** Requests of those who run a school or a class. */
import { type QueryClient, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AuditEntry, AuditReport, Checkpoint, DataRequest, Decision, Disclosure, Institution, InstitutionSettings, InvitationResult, NewDisclosure, NewInvitation, NewProvider, ProviderTrial, RetentionView, SchoolClass, SchoolProvider, SentInvitation, User } from "./account-types";
import { json, send } from "./client";
import type { Page } from "./types";

const part = (text: string) => encodeURIComponent(text);
const body = (method: string, value: unknown, version?: number): RequestInit => ({
  method,
  body: JSON.stringify(value),
  ...(version === undefined ? {} : { headers: { "If-Match": `"v${version}"` } }),
});

/** The pages of a list, with what narrows it. */
export function pages<T>(path: string, narrowed: Readonly<Record<string, string>>, limit = 50) {
  const filters = Object.entries(narrowed).filter(([, value]) => value !== "");
  return infiniteQueryOptions({
    queryKey: ["school", path, Object.fromEntries(filters)] as const,
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams([["limit", String(limit)], ...filters, ...(pageParam ? [["cursor", pageParam]] : [])] as string[][]);
      return json<Page<T>>(`${path}?${query.toString()}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page: Page<T>) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}

/** People by name; `status` is a state of accounts, or `deleted` for those who can still be brought back. */
export const usersQuery = ({ q, role, status }: { q: string; role: string; status: string }) =>
  pages<User>("/users", { q, role, ...(status === "deleted" ? { deleted: "true" } : { status }) });
export const usersKey = ["school", "/users"] as const;
export const userQuery = (id: string) => queryOptions({ queryKey: ["school", "user", id], queryFn: ({ signal }) => json<User>(`/users/${part(id)}`, { signal }), retry: false });
export const changeUser = (user: User, change: Partial<Pick<User, "role" | "status" | "given_name" | "family_name">>) => json<User>(`/users/${part(user.id)}`, body("PATCH", change, user.version));
export const deleteUser = (user: User) => send(`/users/${part(user.id)}`, { method: "DELETE" });
export const restoreUser = (id: string) => send(`/users/${part(id)}/restore`, { method: "POST" });
export const signUserOut = (id: string) => send(`/users/${part(id)}/sessions`, { method: "DELETE" });

export const invitationsQuery = pages<SentInvitation>("/users/invitations", {});
export const invite = async (invitations: readonly NewInvitation[]) =>
  (await json<{ results: InvitationResult[] }>("/users/invitations", body("POST", { invitations }))).results;
export const withdrawInvitation = (id: string) => send(`/users/invitations/${part(id)}`, { method: "DELETE" });

/** The secret of a child in a class. */
export type Secret = { pin: string } | { pictures: string[] };

export const classesKey = ["school", "/classes"] as const;
export const classesQuery = pages<SchoolClass>("/classes", {});
export const classQuery = (id: string) => queryOptions({ queryKey: [...classesKey, "one", id], queryFn: ({ signal }) => json<SchoolClass>(`/classes/${part(id)}`, { signal }) });
export const makeClass = (name: string) => json<SchoolClass>("/classes", body("POST", { name }));
/** `youngest` in years; 0 where nobody says. */
export const changeClass = (room: SchoolClass, change: { name?: string; youngest?: number }) => json<SchoolClass>(`/classes/${part(room.id)}`, body("PATCH", change, room.version));
export const deleteClass = (id: string) => send(`/classes/${part(id)}`, { method: "DELETE" });
export const newClassCode = (id: string) => send(`/classes/${part(id)}/code`, { method: "POST" });
export const addMembers = (id: string, members: readonly ({ nickname: string } & Secret)[]) => send(`/classes/${part(id)}/members`, body("POST", { members }));
export const changeMember = (id: string, member: string, secret: Secret) => send(`/classes/${part(id)}/members/${part(member)}`, body("PATCH", secret));
export const removeMember = (id: string, member: string) => send(`/classes/${part(id)}/members/${part(member)}`, { method: "DELETE" });

export const institutionKey = ["school", "institution"] as const;
export const institutionQuery = queryOptions({ queryKey: institutionKey, queryFn: ({ signal }) => json<Institution>("/institution", { signal }) });
export const changeInstitution = (version: number, change: Partial<Pick<Institution, "name" | "kind" | "privacy" | "country">> & { settings?: Partial<InstitutionSettings> }) => json<Institution>("/institution", body("PATCH", change, version));

export const providersKey = ["school", "providers"] as const;
export const providersQuery = queryOptions({ queryKey: providersKey, queryFn: ({ signal }) => json<{ items: SchoolProvider[]; redirect_uri: string }>("/institution/providers", { signal }) });
export const addProvider = (provider: NewProvider) => json<SchoolProvider>("/institution/providers", body("POST", provider));
export const changeProvider = (provider: SchoolProvider, change: NewProvider) => json<SchoolProvider>(`/institution/providers/${part(provider.id)}`, body("PATCH", change, provider.version));
export const removeProvider = (id: string) => send(`/institution/providers/${part(id)}`, { method: "DELETE" });
export const tryProvider = (id: string) => json<ProviderTrial>(`/institution/providers/${part(id)}/test`, { method: "POST" });

export const requestsQuery = pages<DataRequest>("/privacy/requests", {});
export const requestsKey = ["school", "/privacy/requests"] as const;
export const decide = (id: string, decision: Decision, answer: string) => send(`/privacy/requests/${part(id)}/decision`, body("POST", { decision, answer }));

export const auditQuery = (narrowed: { action: string; actor: string; object: string }) => pages<AuditEntry>("/audit", narrowed);
export const verifyAudit = (checkpoints: readonly Checkpoint[]) => json<AuditReport>("/audit/verify", body("POST", { checkpoints }));
const checkpointsQuery = pages<Checkpoint>("/audit/checkpoints", {}, 100);
/** Every checkpoint, page after page. */
export async function allCheckpoints(queries: QueryClient): Promise<Checkpoint[]> {
  const { pages: found } = await queries.infiniteQuery({ ...checkpointsQuery, pages: Number.MAX_SAFE_INTEGER });
  return found.flatMap((page) => page.items);
}

export const retentionKey = ["school", "retention"] as const;
export const retentionQuery = queryOptions({ queryKey: retentionKey, queryFn: ({ signal }) => json<RetentionView>("/privacy/retention", { signal }) });
export const setRetention = (category: string, days: number) => json<RetentionView>(`/privacy/retention/${part(category)}`, body("PUT", { keep_days: days }));

export const disclosuresQuery = pages<Disclosure>("/privacy/disclosures", {});
export const disclosuresKey = ["school", "/privacy/disclosures"] as const;
export const recordDisclosure = (disclosure: NewDisclosure) => json<Disclosure>("/privacy/disclosures", body("POST", disclosure));
