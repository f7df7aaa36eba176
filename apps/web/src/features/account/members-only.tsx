import "@/i18n/people";
import { Navigate, useRouter } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/session/session";

/** Pages for people who are signed in: others are led to the way in, and from there back. */
export function MembersOnly({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const phase = useSession((state) => state.phase);
  // The address at which the page was asked for: the one of now is that of the sign-in as soon as the way there begins.
  const router = useRouter();
  const [here] = useState(() => router.state.location.href);
  if (phase === "visitor") return <Navigate to="/sign-in" search={{ to: here }} replace />;
  if (phase === "starting")
    return (
      <p role="status" className="p-12 text-xl text-muted">
        {t("signIn.finishing")}
      </p>
    );
  return children;
}
