import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { identitiesQuery, unlinkIdentity } from "@/api/account";
import { formatDay } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Ask } from "@/ui/ask";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge } from "@/ui/page";
import { useToasts } from "@/ui/toasts";

/** The accounts elsewhere by which one signs in, and a press to do so no longer. */
export function Identities() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const identities = useQuery(identitiesQuery);
  return (
    <Loaded query={identities} waiting={t("account.looking")}>
      {(list) =>
        list.length === 0 ? (
          <p className="text-muted">{t("account.noIdentities")}</p>
        ) : (
          <ul className="max-w-2xl divide-y divide-line border-y border-line">
            {list.map((identity) => (
              <li key={identity.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
                <Icon name="school" />
                <span className="mr-auto min-w-0">
                  <span className="flex flex-wrap items-center gap-x-3">
                    <strong className="wrap-anywhere">{identity.provider}</strong>
                    {!identity.usable && <Badge>{t("account.identityOff")}</Badge>}
                  </span>
                  <span className="text-sm wrap-anywhere text-muted">
                    {identity.email} · {t("account.linkedOn", { day: formatDay(identity.created_at, language) })}
                  </span>
                </span>
                <Ask
                  title={t("account.unlinkIdentity", { name: identity.provider })}
                  text={t("account.unlinkIdentityText", { name: identity.provider })}
                  action={t("account.unlink")}
                  danger
                  run={async () => {
                    await unlinkIdentity(identity.id);
                    toast({ text: t("account.unlinked", { name: identity.provider }), life: 5000 });
                    await queries.invalidateQueries({ queryKey: identitiesQuery.queryKey });
                  }}
                  trigger={
                    <button type="button" className="btn btn-danger" aria-label={t("account.unlinkIdentity", { name: identity.provider })}>
                      {t("account.unlink")}
                    </button>
                  }
                />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
