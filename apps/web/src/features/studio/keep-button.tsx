import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/account";
import { formatDay } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { useSession } from "@/session/session";
import { Icon } from "@/ui/icons";

/** Until when a visitor's work is kept, and what keeps it for good. */
function Offer() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const here = useLocation({ select: (location) => location.href });
  const { data: me } = useQuery(meQuery);
  const day = me?.removed_after ? formatDay(me.removed_after, language) : undefined;
  return (
    <>
      <p>{day ? t("keep.lead", { day }) : t("keep.leadUndated")}</p>
      <Link to="/register" search={{ keep: "yes", to: here }} className="btn btn-solid">
        {t("keep.action")}
      </Link>
      <Link to="/sign-in" search={{ keep: "yes", to: here }} className="btn">
        {t("session.signIn")}
      </Link>
    </>
  );
}

/** Saves a piece that was made without an account, by making one; the only moment at which an account is asked for. */
export function KeepButton() {
  const { t } = useTranslation();
  const visitor = useSession((state) => state.phase === "visitor");
  const [open, setOpen] = useState(false);
  if (!visitor) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="btn" aria-label={t("keep.save")}>
        <Icon name="keep" />
        <span className="max-sm:sr-only">{t("keep.save")}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={6} collisionPadding={12} aria-label={t("keep.save")} className="z-40 grid w-80 max-w-[calc(100vw-1.5rem)] gap-3 rounded-xl border border-line bg-surface p-5 shadow-sleeve">
          <Offer />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
