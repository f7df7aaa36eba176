import "@/i18n/sign-on";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { providersKey, providersQuery } from "@/api/school";
import { may, useSession } from "@/session/session";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { NewProvider, ProviderCard } from "./provider-form";

/** By which providers the people of the school sign in. */
export function SignOn() {
  const { t } = useTranslation();
  const providers = useQuery(providersQuery);
  const queries = useQueryClient();
  const editable = useSession((state) => may(state.me, "settings.update"));
  const [added, setAdded] = useState(0);
  const again = () => queries.invalidateQueries({ queryKey: providersKey });
  return (
    <>
      <PageHead title={t("school.signOn")} lead={t("signOn.lead")} />
      <Loaded query={providers} waiting={t("signOn.looking")}>
        {({ items, redirect_uri }) => (
          <>
            <Address address={redirect_uri} />
            {items.length === 0 && <p className="mb-8 text-lg text-muted">{t("signOn.none")}</p>}
            {items.map((provider) => (
              <ProviderCard key={`${provider.id} ${provider.version}`} provider={provider} editable={editable} changed={again} />
            ))}
            {editable && (
              <Block title={t("signOn.add")} lead={t("signOn.addLead")}>
                <NewProvider
                  key={added}
                  done={async () => {
                    await again();
                    setAdded(added + 1);
                  }}
                />
              </Block>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

/** What has to be written at a provider, to be copied. */
function Address({ address }: { address: string }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      toast({ text: t("signOn.copied"), life: 4000 });
    } catch {
      // Without a secure connection a browser keeps its clipboard: the address stands on the page.
      toast({ text: address });
    }
  };
  return (
    <div className="mb-8 grid max-w-2xl gap-1">
      <p className="font-bold">{t("signOn.redirect")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <code className="rounded-lg bg-sunken px-3 py-2 wrap-anywhere">{address}</code>
        <button type="button" className="btn" onClick={() => void copy()}>
          {t("signOn.copy")}
        </button>
      </div>
      <p className="text-sm text-muted">{t("signOn.redirectHint")}</p>
    </div>
  );
}
