import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/api/problem-text";
import { libraryQuery } from "@/api/queries";
import type { MashupSummary, Page } from "@/api/types";
import { ownPath } from "@/lib/letters";
import { keeper, useSession } from "@/session/session";
import { Icon } from "@/ui/icons";
import { Frame } from "./frame";
import { SignInForm } from "./sign-in-form";

/** Whether this visit has seen pieces that were made without an account. Nothing is asked for: that would make a workspace. */
function useGuestWork(): boolean {
  const queries = useQueryClient();
  const pages = queries.getQueryData<InfiniteData<Page<MashupSummary>>>(libraryQuery.queryKey)?.pages ?? [];
  return pages.some((page) => page.items.length > 0);
}

/** Goes on to where the person wanted to be. */
export function useGoOn(to: string | undefined): () => void {
  const router = useRouter();
  return () => router.history.push(ownPath(to));
}

export function SignIn() {
  const { t } = useTranslation();
  const { to, keep, institution } = useSearch({ from: "/sign-in" });
  const goOn = useGoOn(to);
  const [seen] = useState(useGuestWork());
  return (
    <Frame
      title={t("signIn.title")}
      lead={t("signIn.lead")}
      after={
        <>
          <Link to="/class" className="btn">
            <Icon name="school" />
            {t("signIn.classCode")}
          </Link>
          <Link to="/register" search={{ ...(to ? { to } : {}), ...(keep ? { keep } : {}) }} className="link inline-flex min-h-11 items-center">
            {t("signIn.register")}
          </Link>
        </>
      }
    >
      <SignInForm to={ownPath(to)} guestWork={seen || keep === "yes"} institution={institution} onDone={goOn} />
    </Frame>
  );
}

/** Why a provider of single sign-on may have let nobody in, as the address says. */
const REFUSALS = [
  "sso_unknown_provider", "sso_provider_away", "sso_misconfigured", "sso_refused", "sso_flow_ended", "sso_other_browser", "sso_bad_id_token", "sso_no_email",
  "sso_email_not_verified", "sso_domain_not_allowed", "sso_not_invited", "sso_register_first", "sso_waiting_for_guardian", "sso_account_closed", "sso_not_by_provider",
] as const;

/** Where a provider of single sign-on sends the browser back to: the session is there, this page opens it. */
export function SignInDone() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const { to, error, institution } = useSearch({ from: "/sign-in/done" });
  const goOn = useGoOn(to);
  const [failure, setFailure] = useState<string>();
  const started = useRef(false);
  useEffect(() => {
    if (started.current || error) return;
    started.current = true;
    keeper.open().then(
      (inside) => {
        if (inside) goOn();
        else setFailure(t("signIn.providerRefused"));
      },
      (refused: unknown) => setFailure(explain(refused)),
    );
  }, [error, explain, goOn, t]);
  const known = REFUSALS.find((code) => code === error);
  const said = error ? (known ? t(`sso.${known}`) : t("signIn.providerRefused")) : failure;
  const phase = useSession((state) => state.phase);
  return (
    <Frame title={t("signIn.title")} spinning={said === undefined}>
      {said === undefined ? (
        <p role="status" className="text-lg">
          {phase === "member" ? t("signIn.opening") : t("signIn.finishing")}
        </p>
      ) : (
        <div role="alert" className="grid justify-items-start gap-4">
          <p className="text-lg">{said}</p>
          <Link to="/sign-in" search={{ ...(to ? { to } : {}), ...(institution ? { institution } : {}) }} className="btn btn-solid">
            {t("signIn.tryAgain")}
          </Link>
        </div>
      )}
    </Frame>
  );
}
