import "@/i18n/people";
import "@/i18n/school";
import { Navigate, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/account-types";
import { offers } from "@/api/offers";
import { MembersOnly } from "@/features/account/members-only";
import { may, useSession } from "@/session/session";
import { type PageLink, Sectioned } from "@/ui/page";

const PAGES = [
  { to: "/school/people", name: "people", icon: "person", needs: "users.read" },
  { to: "/school/invitations", name: "invitations", icon: "letter", needs: "users.create" },
  { to: "/school/classes", name: "classes", icon: "school", needs: "students.update" },
  { to: "/school/settings", name: "settings", icon: "gear", needs: "settings.read" },
  { to: "/school/sign-on", name: "signOn", icon: "key", needs: "settings.read", offered: offers.providers },
  { to: "/school/models", name: "models", icon: "device", needs: "models.read", offered: offers.models },
  { to: "/school/requests", name: "requests", icon: "shield", needs: "privacy.read", offered: offers.requests },
  { to: "/school/retention", name: "retention", icon: "loop", needs: "privacy.read", offered: offers.requests },
  { to: "/school/disclosures", name: "disclosures", icon: "share", needs: "privacy.read", offered: offers.requests },
  { to: "/school/audit", name: "audit", icon: "file", needs: "audit.read", offered: offers.audit },
] as const;

function pagesOf(me: Me | undefined) {
  return PAGES.filter((page) => may(me, page.needs) && (!("offered" in page) || page.offered));
}

/** The pages of whoever runs a school or a class: each person sees those that their role is for. */
export function School() {
  const { t } = useTranslation();
  const me = useSession((state) => state.me);
  const links: PageLink[] = pagesOf(me).map((page) => ({ to: page.to, icon: page.icon, label: t(`school.${page.name}`) }));
  return (
    <MembersOnly>
      {links.length === 0 ? (
        <div className="mx-auto grid max-w-xl gap-6 px-5 py-24">
          <h1 className="text-3xl">{t("school.notYours")}</h1>
        </div>
      ) : (
        <Sectioned title={me?.institution.name ?? t("session.school")} links={links}>
          <Outlet />
        </Sectioned>
      )}
    </MembersOnly>
  );
}

/** Leads to the first page that the person may see. */
export function SchoolStart() {
  const me = useSession((state) => state.me);
  const [first] = pagesOf(me);
  return first ? <Navigate to={first.to} replace /> : null;
}
