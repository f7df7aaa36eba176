import "@/i18n/people";
import { Navigate, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/session/session";

/** Pages for people who are signed in: others are led to the way in, and from there back. */
export function MembersOnly({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const phase = useSession((state) => state.phase);
  const here = useRouterState({ select: (state) => state.location.href });
  if (phase === "visitor") return <Navigate to="/sign-in" search={{ to: here }} replace />;
  if (phase === "starting")
    return (
      <p role="status" className="p-12 text-xl text-muted">
        {t("signIn.finishing")}
      </p>
    );
  return children;
}
