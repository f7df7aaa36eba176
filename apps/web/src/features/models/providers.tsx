import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelProvider } from "@/api/model-types";
import { providers } from "@/api/models";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge, Block } from "@/ui/page";
import { Edit, OriginBadge, RemoveAsked, Row, Rows, useEditable, useRenewed } from "./parts";
import { ChangeProvider, NewProvider } from "./provider-form";
import { Pull } from "./pull";
import { Trial } from "./trial";

/** Whom the school can ask: services outside, servers in the house. */
export function Providers() {
  const { t } = useTranslation();
  const list = useQuery(providers.query);
  const editable = useEditable();
  const renewed = useRenewed();
  const [added, setAdded] = useState(0);
  return (
    <Loaded query={list} waiting={t("providers.looking")}>
      {(items) => (
        <>
          <Rows none={t("providers.none")} count={items.length}>
            {items.map((provider) => (
              <ProviderRow key={provider.id} provider={provider} editable={editable} />
            ))}
          </Rows>
          {editable && (
            <Block title={t("providers.add")} lead={t("providers.addLead")}>
              <NewProvider
                key={added}
                done={async () => {
                  await renewed();
                  setAdded(added + 1);
                }}
              />
            </Block>
          )}
        </>
      )}
    </Loaded>
  );
}

function ProviderRow({ provider, editable }: { provider: ModelProvider; editable: boolean }) {
  const { t } = useTranslation();
  const { name, local, models, agreement, origin } = provider;
  const own = editable && origin === "school";
  return (
    <Row
      title={name}
      badges={
        <>
          <Badge tone={local ? "good" : "plain"}>{t(local ? "models.inside" : "models.outside")}</Badge>
          <OriginBadge origin={origin} />
          {provider.state === "resting" && <Badge tone="signal">{t("providers.resting")}</Badge>}
        </>
      }
      actions={
        own && (
          <>
            <Edit name={name}>{(close) => <ChangeProvider provider={provider} done={close} />}</Edit>
            <RemoveAsked name={name} text={t("providers.removeText")} run={() => providers.remove(provider)} />
          </>
        )
      }
    >
      <div className="grid gap-3">
        <p className="flex flex-wrap gap-x-5 gap-y-1 text-muted">
          <span className="wrap-anywhere">{provider.base_url}</span>
          <span className="flex items-center gap-1.5">
            <Icon name="key" className="size-4" />
            {provider.has_key ? (provider.key_hint ?? "…") : t("providers.noKey")}
          </span>
          {!local && (
            <span className="flex items-center gap-1.5">
              <Icon name="file" className="size-4" />
              {agreement ?? t("providers.agreementNone")}
            </span>
          )}
        </p>
        {models.length > 0 ? (
          <ul className="flex flex-wrap gap-1.5">
            {models.map((model) => (
              <li key={model} className="rounded-md bg-sunken px-2 py-0.5 text-[0.95rem] wrap-anywhere">
                {model}
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-muted">{t("providers.noModels")}</p>
        )}
        {origin === "file" && <p className="text-sm text-muted">{t("models.fixed")}</p>}
        {editable && <Trial provider={provider} own={own} />}
        {editable && provider.dialect === "ollama" && <Pull provider={provider} own={own} />}
      </div>
    </Row>
  );
}
