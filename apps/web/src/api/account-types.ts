/** The shapes of the API for accounts, by the names that the pages use. */

export const ROLES = ["student", "parent", "teacher", "school_admin", "super_admin"] as const;
export type Role = (typeof ROLES)[number];

export const INSTITUTION_KINDS = ["k12", "higher_ed", "professional"] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];

export const PRIVACY_LEVELS = ["strict", "standard", "relaxed"] as const;
export type PrivacyLevel = (typeof PRIVACY_LEVELS)[number];

export interface InstitutionName {
  id: string;
  name: string;
  kind?: InstitutionKind;
}

export interface Me {
  id: string;
  institution_id: string;
  institution?: { id: string; name: string; kind: InstitutionKind; privacy: PrivacyLevel } | null;
  role: Role | "guest" | "system";
  permissions?: string[];
  /** When a visitor's workspace will be removed (RFC 3339). */
  removed_after?: string | null;
  /** What is kept of the person; absent for visitors. */
  user?: User | null;
  has_password?: boolean | null;
}

/** What a sign-in or a refresh hands out; the refresh token of a browser is in a cookie that scripts cannot read. */
export interface Tokens {
  access_token: string;
  token_type: string;
  /** Seconds. */
  expires_in: number;
  user: Me;
}

export interface Registration {
  email: string;
  password: string;
  given_name: string;
  family_name: string;
  locale?: string;
  institution_id?: string;
  invitation?: string;
  /** `2012-05-31`. */
  birth_date?: string;
  country?: string;
  guardian_email?: string;
  keep_guest_work?: boolean;
}

export interface Registered {
  status: "active" | "verify_email" | "waiting_for_guardian" | "disabled";
  session?: Tokens | null;
}

export interface Invitation {
  email: string;
  role: Role;
  institution: InstitutionName;
  given_name?: string | null;
  family_name?: string | null;
}

export interface ClassDoor {
  class_name: string;
  institution_name: string;
  members: { nickname: string; method: "pin" | "picture" }[];
}

export interface Provider {
  id: string;
  name: string;
}

export interface DeviceSession {
  id: string;
  created_at: string;
  last_used_at: string;
  device: string;
  address?: string | null;
  current: boolean;
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string | null;
}

export interface User {
  id: string;
  email?: string | null;
  username?: string | null;
  given_name?: string | null;
  family_name?: string | null;
  role: Role;
  status: AccountStatus;
  email_verified?: boolean;
  locale?: string | null;
  birth_date?: string | null;
  country?: string | null;
  directory?: boolean;
  created_at: string;
  last_login_at?: string | null;
  /** When the account was deleted; it can be restored for 30 days. */
  deleted_at?: string | null;
  version: number;
}

export const ACCOUNT_STATUSES = ["active", "waiting_for_guardian", "disabled"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export interface SentInvitation {
  id: string;
  email: string;
  role: Role;
  given_name?: string | null;
  family_name?: string | null;
  created_at: string;
  expires_at: string;
}

export interface NewInvitation {
  email: string;
  role: Role;
  given_name?: string;
  family_name?: string;
}

export interface InvitationResult {
  email: string;
  status: "invited" | "already_member" | "already_invited" | "invalid";
  detail?: string | null;
}

export interface ClassMember {
  user_id: string;
  nickname: string;
  method: "pin" | "picture";
}

export interface SchoolClass {
  id: string;
  name: string;
  code: string;
  member_count: number;
  /** Absent in lists. */
  members?: ClassMember[];
  version: number;
}

export interface InstitutionSettings {
  content_filter: "strict" | "moderate";
  /** The usual length of a lesson, 5 to 480. */
  session_minutes: number;
  guardian_consent: boolean;
  /** For how many hours a class stays signed in, 0 to 8; 0 is the usual half hour. */
  classroom_token_hours: number;
  open_registration: boolean;
  visitors: boolean;
  email_domains: string[];
}

export interface Institution {
  id: string;
  name: string;
  kind: InstitutionKind;
  privacy: PrivacyLevel;
  country: string;
  settings: InstitutionSettings;
  version: number;
}

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
