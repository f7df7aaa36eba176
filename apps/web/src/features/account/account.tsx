import "@/i18n/people";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { offers } from "@/api/offers";
import { Sectioned } from "@/ui/page";
import { MembersOnly } from "./members-only";

/** The pages about one's own account. */
export function Account() {
  const { t } = useTranslation();
  return (
    <MembersOnly>
      <Sectioned
        title={t("session.account")}
        links={[
          { to: "/account", label: t("account.profile"), icon: "person", exact: true },
          { to: "/account/security", label: t("account.security"), icon: "key" },
          { to: "/account/devices", label: t("account.devices"), icon: "device" },
          ...(offers.consents ? ([{ to: "/account/consent", label: t("account.consent"), icon: "check" }] as const) : []),
          ...(offers.requests ? ([{ to: "/account/data", label: t("account.data"), icon: "shield" }] as const) : []),
        ]}
      >
        <Outlet />
      </Sectioned>
    </MembersOnly>
  );
}
