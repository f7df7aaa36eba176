import { Link, Outlet } from "@tanstack/react-router";
import { Suspense, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Toasts } from "@/ui/toasts";
import { AccountMenu } from "./account-menu";
import { CommandPalette } from "./command-palette";
import { HelpDialog } from "./help-dialog";
import { Rings } from "./rings";
import { SessionNotice } from "./session-notice";
import { SettingsMenu } from "./settings-menu";
import { useGlobalKeys } from "./shortcuts";

function watchConnection(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

/** Says that the connection is gone, and that what is here still works. */
function Connection() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(watchConnection, () => navigator.onLine);
  return (
    <p role="status" className={online ? "sr-only" : "no-print bg-signal-soft px-4 py-2 text-center font-semibold"}>
      {online ? "" : t("app.offline")}
    </p>
  );
}

export function Shell() {
  const { t } = useTranslation();
  useGlobalKeys();
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="btn btn-solid skip no-print">
        {t("app.skip")}
      </a>
      <header className="no-print flex items-center h-15 px-4 sm:gap-2 sm:px-8 max-[22.5rem]:px-2">
        <Link to="/" className="mr-auto flex min-h-11 items-center gap-2.5">
          <Rings className="h-7 w-auto" />
          <span className="font-display text-xl font-extrabold tracking-tight">{t("app.name")}</span>
        </Link>
        <CommandPalette />
        <HelpDialog />
        <SettingsMenu />
        <AccountMenu />
      </header>
      <Connection />
      <SessionNotice />
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <Toasts />
    </div>
  );
}
