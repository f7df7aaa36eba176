/** The shapes of the API for accounts, by the names that the pages use. They come from the API's own description. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export const ROLES = ["student", "parent", "teacher", "school_admin", "super_admin"] as const;
export type Role = (typeof ROLES)[number];

export const INSTITUTION_KINDS = ["k12", "higher_ed", "professional"] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];

export const PRIVACY_LEVELS = ["strict", "standard", "relaxed"] as const;
export type PrivacyLevel = (typeof PRIVACY_LEVELS)[number];

export const ACCOUNT_STATUSES = ["active", "waiting_for_guardian", "disabled"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** How a child proves who they are. */
export type Method = "pin" | "picture";

/** A shape with some fields narrowed: what is an enumeration with a description of its own is generated as no type at all. */
type Narrowed<T, Fields> = Omit<T, keyof Fields> & Fields;

export type InstitutionName = Narrowed<Schemas["InstitutionBrief"], { kind: InstitutionKind; privacy: PrivacyLevel }>;
export type User = Narrowed<Schemas["User"], { role: Role; status: AccountStatus }>;
export type Me = Narrowed<Schemas["Me"], { institution: InstitutionName; role: Role | "guest" | "system"; user?: User | null }>;

/** What a sign-in or a refresh hands out; the refresh token of a browser is in a cookie that scripts cannot read. */
export type Tokens = Narrowed<Schemas["Tokens"], { user: Me }>;

export type Registration = Schemas["Registration"];
export type Registered = Narrowed<Schemas["RegisterResponse"], { status: AccountStatus; session?: Tokens | null }>;
export type Invitation = Narrowed<Schemas["OpenInvitation"], { role: Role; institution: InstitutionName }>;
export type ClassDoor = Narrowed<Schemas["ClassCard"], { members: { nickname: string; method: Method }[] }>;
export type DeviceSession = Schemas["Page_DeviceSession"]["items"][number];

export type Provider = Schemas["Offered"];

export const NEWCOMERS = ["nobody", "student", "parent", "teacher"] as const;
type Newcomers = (typeof NEWCOMERS)[number];
export type SchoolProvider = Narrowed<Schemas["ProviderView"], { new_people: Newcomers }>;
export type NewProvider = Narrowed<Schemas["NewProvider"], { new_people: Newcomers }>;
export interface ProviderTrial {
  works: boolean;
  steps: {
    step: "discovery" | "keys" | "client";
    good: boolean;
    code?: "away" | "other_issuer" | "not_public" | "unusable" | "unknown_client" | "uncertain";
    detail?: string;
  }[];
}

/** An account at a provider by which somebody signs in. */
export type Identity = Schemas["Identity"];
export type Passkey = Schemas["Passkey"];
export type SentInvitation = Narrowed<Schemas["InvitationView"], { role: Role }>;
export type NewInvitation = Narrowed<Schemas["Invite"], { role: Role }>;
export type InvitationResult = Narrowed<Schemas["InviteResult"], { status: "invited" | "already_member" | "already_invited" | "invalid" }>;

export type ClassMember = Narrowed<Schemas["Member"], { method: Method }>;
export type SchoolClass = Narrowed<Schemas["Class"], { members?: ClassMember[] }>;

export type InstitutionSettings = Schemas["Settings"];
export type Institution = Narrowed<Schemas["InstitutionView"], { kind: InstitutionKind; privacy: PrivacyLevel }>;

/** A text in every language of the program. */
export interface Texts {
  en: string;
  es: string;
}

/** A purpose of data, and what holds for one person. */
export interface Consent {
  purpose: string;
  /** The version of its text. */
  version: number;
  /** Whether it needs agreement, or holds until somebody objects. */
  mode: "opt_in" | "opt_out";
  title: Texts;
  text: Texts;
  allowed: boolean;
  /** Whether the person decides; for people under age a parent or guardian does. */
  own_decision: boolean;
  decided?: { granted: boolean; version: number; given_by: string; at: string } | null;
}

export interface GuardianLetter {
  child_name: string;
  institution_name: string;
  expires_at: string;
  /** To agree at all is to agree to the first; the others are chosen one by one. */
  purposes: Consent[];
}

export const RELATIONS = ["mother", "father", "guardian"] as const;
export type Relation = (typeof RELATIONS)[number];

export const REQUEST_KINDS = ["access", "portability", "rectification", "erasure", "restriction", "objection"] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const CATEGORIES = ["profile", "academic_record", "communication", "usage", "consent", "session", "security", "operation"] as const;

/** What is erased of one category, or kept: until when, by which law, why. */
export interface Assessed {
  category: (typeof CATEGORIES)[number];
  erased: boolean;
  kept_until?: string | null;
  law?: string | null;
  why?: Texts | null;
}

export interface DataRequest {
  id: string;
  person_id: string;
  kind: RequestKind;
  basis: string;
  state: "received" | "done" | "refused";
  details?: string | null;
  answer?: string | null;
  received_at: string;
  due_at: string;
  decided_at?: string | null;
  /** Until when its archive can be fetched; absent where it has none. */
  archive_until?: string | null;
  /** Of an erasure: what is or would be erased. */
  assessment?: Assessed[] | null;
}

export type Decision = "grant" | "refuse" | "extend";

export interface AuditEntry {
  number: number;
  at: string;
  /** All zeros: the program itself. */
  actor_id: string;
  actor_role: string;
  action: string;
  object_kind?: string | null;
  object_id?: string | null;
  outcome: "done" | "refused" | "failed";
  reason?: string | null;
  address?: string | null;
}

export const AUDIT_FAULTS = ["edited", "deleted", "reordered", "inserted", "truncated", "rewritten", "forged_checkpoint", "missing_checkpoint"] as const;

export interface AuditReport {
  entries: number;
  checkpoints: number;
  /** The last entry that a signed checkpoint vouches for; 0: none. */
  signed_through: number;
  faults: { number: number; through: number; kind: (typeof AUDIT_FAULTS)[number] }[];
}

export type Checkpoint = Schemas["Checkpoint"];

export type RetentionRule = Narrowed<Schemas["RetentionRule"], { category: (typeof CATEGORIES)[number] }>;
export type RetentionRun = Schemas["RetentionRun"];
export type RetentionView = Narrowed<Schemas["RetentionView"], { rules: RetentionRule[] }>;

export type Disclosure = Schemas["DisclosureView"];
export type NewDisclosure = Schemas["NewDisclosure"];
