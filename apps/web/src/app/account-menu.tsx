import { Link, useRouterState } from "@tanstack/react-router";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/account-types";
import { send } from "@/api/client";
import { offers } from "@/api/offers";
import { useProblemText } from "@/api/problem-text";
import { fullName, initials } from "@/lib/initials";
import { keeper, may, useSession } from "@/session/session";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";

const ROW = "flex min-h-11 w-full items-center gap-3 rounded-lg px-3 text-left font-semibold hover:bg-sunken";

/** Ends the session on the server first: a browser that only forgets its token would not be signed out. */
function useSignOut(): () => void {
  const { t } = useTranslation();
  const explain = useProblemText();
  const toast = useToasts((state) => state.add);
  return () => {
    send("/auth/logout", { method: "POST" }).then(
      () => {
        keeper.signOut();
        location.assign("/");
      },
      (error: unknown) => toast({ text: t("session.signOutFailed", { message: explain(error) }) }),
    );
  };
}

function Entries({ me, close }: { me: Me; close: () => void }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const runsSchool = ["users.read", "settings.read", "audit.read", "privacy.read"].some((permission) => may(me, permission));
  return (
    <ul className="grid" onClick={close}>
      <li>
        <Link to="/account" className={ROW}>
          <Icon name="person" />
          {t("session.profile")}
        </Link>
      </li>
      {offers.requests && (
        <li>
          <Link to="/account/data" className={ROW}>
            <Icon name="shield" />
            {t("session.privacy")}
          </Link>
        </li>
      )}
      {(runsSchool || may(me, "students.update")) && (
        <li>
          <Link to={runsSchool ? "/school" : "/school/classes"} className={ROW}>
            <Icon name="school" />
            {runsSchool ? t("session.school") : t("session.classes")}
          </Link>
        </li>
      )}
      <li className="mt-1 border-t border-line pt-1">
        <button type="button" className={ROW} onClick={signOut}>
          <Icon name="leave" />
          {t("session.signOut")}
        </button>
      </li>
    </ul>
  );
}

function Member({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const person = me.user ?? {};
  const name = fullName(person) || t(`session.roles.${me.role}`);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="grid size-11 flex-none place-items-center rounded-full border-2 border-ink bg-ink text-[0.9rem] font-bold text-paper hover:border-accent hover:bg-accent">
        <span aria-hidden="true">{initials(person) || <Icon name="person" />}</span>
        <span className="sr-only">{t("session.menu", { name })}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={6} collisionPadding={12} aria-label={t("session.account")} className="z-40 w-72 max-w-[calc(100vw-1.5rem)] rounded-xl border border-line bg-surface p-2 shadow-sleeve">
          <div className="border-b border-line px-3 pb-2 pt-1 mb-1">
            <p className="display text-lg wrap-anywhere">{name}</p>
            <p className="text-sm text-muted wrap-anywhere">
              {t(`session.roles.${me.role}`)}
              {` · ${me.institution.name}`}
            </p>
          </div>
          <Entries me={me} close={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The place of the person in the frame of every page: initials with a menu, or the way in. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { phase, me } = useSession();
  const here = useRouterState({ select: (state) => state.location.href });
  if (phase === "starting") return <span className="size-11 flex-none" />;
  if (phase === "member" && me) return <Member me={me} />;
  return (
    <Link to="/sign-in" search={here === "/" ? {} : { to: here }} className="btn max-sm:btn-icon max-sm:border-transparent max-sm:bg-transparent" aria-label={t("session.signIn")}>
      <Icon name="person" />
      <span className="max-sm:hidden">{t("session.signIn")}</span>
    </Link>
  );
}
