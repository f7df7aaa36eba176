import { Link, useRouterState } from "@tanstack/react-router";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { keeper, useSession } from "@/session/session";
import { Icon } from "@/ui/icons";
import { Modal } from "@/ui/modal";

const SignInForm = lazy(() => import("@/features/account/sign-in-form").then(({ SignInForm }) => ({ default: SignInForm })));

const STRIP = "no-print flex flex-wrap items-center justify-center gap-x-4 gap-y-2 bg-accent-soft px-4 py-2";

/** A session that ended while the page was open: signing in happens over the page, which keeps its place. */
function Ended() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div role="alert" className={STRIP}>
      <p className="font-semibold">{t("session.ended")}</p>
      <Modal
        title={t("session.again")}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button type="button" className="btn btn-solid">
            {t("session.again")}
          </button>
        }
      >
        <Suspense>
          <SignInForm to={location.pathname + location.search} onDone={() => setOpen(false)} />
        </Suspense>
      </Modal>
      <button type="button" className="btn btn-quiet" onClick={() => keeper.goOn()}>
        {t("session.goOn")}
      </button>
    </div>
  );
}

/** Says calmly that nobody is signed in any more, and how to be again. */
export function SessionNotice() {
  const { t } = useTranslation();
  const { phase, lapsed } = useSession();
  const { pathname, href } = useRouterState({ select: (state) => state.location });
  if (phase === "ended") return <Ended />;
  if (!lapsed || pathname === "/sign-in") return null;
  return (
    <div role="status" className={STRIP}>
      <p className="font-semibold">{t("session.lapsed")}</p>
      <Link to="/sign-in" search={{ to: href }} className="btn">
        {t("session.again")}
      </Link>
      <button type="button" className="btn btn-quiet btn-icon" aria-label={t("app.close")} onClick={() => keeper.noticed()}>
        <Icon name="close" className="size-4" />
      </button>
    </div>
  );
}
