import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useId, useState } from "react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ACCOUNT_STATUSES, ROLES, type User } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { changeUser, deleteUser, restoreUser, signUserOut, usersKey, usersQuery } from "@/api/school";
import { formatAgo } from "@/lib/format";
import { fullName } from "@/lib/initials";
import { useSettings } from "@/lib/settings";
import { useNow } from "@/lib/use-now";
import { useSession } from "@/session/session";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { More, type MoreItem } from "@/ui/more";
import { Badge, PageHead, type Tone } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { usePause } from "./use-pause";
import { INVITED_ROLES } from "./roster";

const STATUS_FILTERS = [...ACCOUNT_STATUSES, "deleted"] as const;
const TONES: Readonly<Record<string, Tone>> = { active: "good", waiting_for_guardian: "signal", disabled: "plain" };

/** Everybody of the school: found, filtered, given another role, switched off, deleted and brought back. */
export function People() {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [role, setRole] = useState("");
  const [status, setStatus] = useState("");
  const typed = usePause(useDeferredValue(q.trim()));
  const users = useInfiniteQuery(usersQuery({ q: typed, role, status }));
  const list = users.data?.pages.flatMap((page) => page.items);
  const id = useId();
  return (
    <>
      <PageHead title={t("school.people")}>
        <Link to="/school/invitations" className="btn btn-solid">
          <Icon name="plus" />
          {t("school.invite")}
        </Link>
      </PageHead>
      <div role="search" className="mb-4 grid gap-3 sm:grid-cols-[minmax(0,1fr)_auto_auto]">
        <label className="grid gap-0.5">
          <span className="eyebrow">{t("school.find")}</span>
          <input type="search" className="field" value={q} placeholder={t("school.findHint")} onChange={(event) => setQ(event.target.value)} />
        </label>
        <Filter label={t("school.role")} value={role} onChange={setRole} options={ROLES.map((value) => ({ value, label: t(`session.roles.${value}`) }))} />
        <Filter label={t("school.status")} value={status} onChange={setStatus} options={STATUS_FILTERS.map((value) => ({ value, label: t(`school.statuses.${value}`) }))} />
      </div>
      <Loaded query={{ ...users, data: list }} waiting={t("school.lookingPeople")}>
        {(found) => (
          <>
            <p id={id} role="status" className="sr-only">
              {t("school.found", { count: found.length })}
            </p>
            {found.length === 0 ? (
              <p className="border-y border-line py-6 text-muted">{t("school.nobody")}</p>
            ) : (
              <ul className={`divide-y divide-line border-y border-line transition-opacity ${users.isPlaceholderData ? "opacity-60" : ""}`}>
                {found.map((user) => (
                  <Person key={user.id} user={user} />
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
      {users.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={users.isFetchingNextPage} onClick={() => void users.fetchNextPage()}>
          {t("school.more")}
        </button>
      )}
    </>
  );
}

interface FilterProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Filter({ label, value, options, onChange }: FilterProps) {
  const { t } = useTranslation();
  return (
    <label className="grid gap-0.5">
      <span className="eyebrow">{label}</span>
      <select className="field font-semibold sm:w-44" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t("school.all")}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What can be done with a person. Everything but signing them out can be taken back from the note that tells of it. */
function usePersonActions(user: User) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const refresh = () => queries.invalidateQueries({ queryKey: usersKey });
  const name = fullName(user);
  const attempt = (work: () => Promise<unknown>, done: () => void) =>
    void work().then(
      async () => {
        done();
        await refresh();
      },
      (error: unknown) => {
        toast({ text: explain(error) });
        void refresh();
      },
    );
  const change = (to: Partial<Pick<User, "role" | "status">>, text: string) => {
    const before = { ...(to.role ? { role: user.role } : {}), ...(to.status ? { status: user.status } : {}) };
    let changed = user;
    attempt(
      async () => {
        changed = await changeUser(user, to);
      },
      () => toast({ text, action: { label: t("school.undo"), run: () => attempt(() => changeUser(changed, before), () => undefined) } }),
    );
  };
  return {
    setRole: (role: User["role"]) => change({ role }, t("school.roleChanged", { name, role: t(`session.roles.${role}`) })),
    disable: () => change({ status: "disabled" }, t("school.disabled", { name })),
    enable: () => change({ status: "active" }, t("school.enabled", { name })),
    signOut: () => attempt(() => signUserOut(user.id), () => toast({ text: t("school.signedOut", { name }), life: 5000 })),
    restore: () => attempt(() => restoreUser(user.id), () => toast({ text: t("school.restored", { name }), life: 5000 })),
    remove: () =>
      attempt(
        () => deleteUser(user),
        () => toast({ text: t("school.deleted", { name }), action: { label: t("school.undo"), run: () => attempt(() => restoreUser(user.id), () => undefined) } }),
      ),
  };
}

function Person({ user }: { user: User }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const now = useNow();
  const mine = useSession((state) => state.me?.id === user.id);
  const actions = usePersonActions(user);
  const deleted = Boolean(user.deleted_at);
  const items: MoreItem[] = deleted
    ? [{ label: t("school.restore"), run: actions.restore }]
    : [
        user.status === "disabled" ? { label: t("school.enable"), run: actions.enable } : { label: t("school.disable"), run: actions.disable },
        { label: t("school.signOut"), run: actions.signOut },
        { label: t("school.delete"), run: actions.remove, danger: true },
      ];
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 py-2.5 md:grid-cols-[minmax(0,2fr)_minmax(0,1.4fr)_13rem_auto]">
      <div className="min-w-0">
        <p className="font-bold wrap-anywhere">{fullName(user)}</p>
        <p className="text-sm text-muted wrap-anywhere">{user.email ?? user.username ?? t("school.noAddress")}</p>
      </div>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 max-md:order-3">
        <Badge tone={deleted ? "bad" : (TONES[user.status] ?? "plain")}>{t(`school.statuses.${deleted ? "deleted" : user.status}`)}</Badge>
        <span className="text-sm text-muted">{user.last_login_at ? t("school.seen", { when: formatAgo(user.last_login_at, now, language) }) : t("school.neverSeen")}</span>
      </p>
      <select
        className="field font-semibold max-md:order-4 max-md:w-36"
        aria-label={t("school.roleOf", { name: fullName(user) })}
        value={user.role}
        disabled={mine || deleted || user.role === "super_admin"}
        onChange={(event) => actions.setRole(event.target.value as User["role"])}
      >
        {(user.role === "super_admin" ? ROLES : INVITED_ROLES).map((role) => (
          <option key={role} value={role}>
            {t(`session.roles.${role}`)}
          </option>
        ))}
      </select>
      {mine ? <span className="size-11" /> : <More label={t("school.moreFor", { name: fullName(user) })} items={items} trigger={<Icon name="dots" />} />}
    </li>
  );
}
