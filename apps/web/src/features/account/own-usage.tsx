import "@/i18n/models";
import { useTranslation } from "react-i18next";
import { UsageView } from "@/features/models/usage";
import { Block } from "@/ui/page";

/** What language models did for oneself. */
export function OwnUsage() {
  const { t } = useTranslation();
  return (
    <Block title={t("account.usage")} lead={t("usage.ownLead")}>
      <UsageView own sums={["feature", "model", "provider"]} />
    </Block>
  );
}
