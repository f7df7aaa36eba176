import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelKey } from "@/api/model-types";
import { keys } from "@/api/models";
import { formatAgo, formatDay } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { formatList } from "@/lib/words";
import { Ask } from "@/ui/ask";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Badge, Block } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { ChangeKey, NewKey } from "./key-form";
import { Edit, OriginBadge, Row, Rows, useEditable, useRenewed } from "./parts";

/** Keys by which the school's own programs ask. */
export function Keys() {
  const { t } = useTranslation();
  const list = useQuery(keys.query);
  const editable = useEditable();
  const renewed = useRenewed();
  const [made, setMade] = useState<{ name: string; secret: string }>();
  return (
    <>
      <p className="mb-5 max-w-[65ch]">{t("keys.lead")}</p>
      {made && <Secret {...made} onDone={() => setMade(undefined)} />}
      <Loaded query={list} waiting={t("keys.looking")}>
        {(items) => (
          <>
            <Rows none={t("keys.none")} count={items.length}>
              {items.map((key) => (
                <KeyRow key={key.id} one={key} editable={editable} />
              ))}
            </Rows>
            {editable && !made && (
              <Block title={t("keys.add")}>
                <NewKey
                  done={async ({ name, secret }) => {
                    setMade({ name, secret });
                    await renewed();
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

/** A key that was made, the only time that it is seen. */
function Secret({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      toast({ text: t("keys.copied"), life: 4000 });
    } catch {
      // Without a secure connection a browser keeps its clipboard: the key stands on the page.
      toast({ text: secret });
    }
  };
  return (
    <div role="status" className="mb-8 grid max-w-4xl gap-3 rounded-xl border-2 border-ink bg-surface p-4 shadow-sleeve sm:p-5">
      <h2 className="text-2xl">{name}</h2>
      <p className="font-semibold">{t("keys.made")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <code className="rounded-lg bg-sunken px-3 py-2 wrap-anywhere">{secret}</code>
        <button type="button" className="btn btn-solid" onClick={() => void copy()}>
          {t("keys.copy")}
        </button>
        <button type="button" className="btn" onClick={onDone}>
          {t("keys.done")}
        </button>
      </div>
      <p className="text-sm text-muted">
        {t("keys.howTo")} <code className="wrap-anywhere">{`${location.origin}/v1`}</code> {t("keys.howToAnthropic")} <code className="wrap-anywhere">{location.origin}</code>
      </p>
    </div>
  );
}

function KeyRow({ one, editable }: { one: ModelKey; editable: boolean }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  // Whether it is past its day is as of when the page came.
  const [now] = useState(() => Date.now());
  const { name, expires_at: expires, last_used_at: used } = one;
  const expired = typeof expires === "string" && new Date(expires).getTime() <= now;
  const facts = [
    formatList(one.scopes.map((scope) => t(`keys.scope.${scope}`)), language),
    one.models.length > 0 ? one.models.join(", ") : t("keys.allModels"),
    one.requests_per_minute ? t("keys.limit", { count: one.requests_per_minute }) : t("keys.noLimit"),
    ...(expires && !expired ? [t("keys.until", { day: formatDay(expires, language) })] : []),
    used ? t("keys.used", { when: formatAgo(used, now, language) }) : t("keys.never"),
  ];
  return (
    <Row
      title={name}
      badges={
        <>
          <code className="text-muted">{one.hint}</code>
          <OriginBadge origin={one.origin} />
          {expired && <Badge tone="bad">{t("keys.expired")}</Badge>}
        </>
      }
      actions={
        editable &&
        one.origin === "school" && (
          <>
            <Edit name={name}>{(close) => <ChangeKey one={one} done={close} />}</Edit>
            <Revoke one={one} />
          </>
        )
      }
    >
      <p className="text-muted wrap-anywhere">{facts.join(" · ")}</p>
    </Row>
  );
}

function Revoke({ one }: { one: ModelKey }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const revoke = async () => {
    await keys.remove(one);
    toast({ text: t("keys.revoked", { name: one.name }), life: 4000 });
    await renewed();
  };
  return (
    <Ask
      danger
      title={t("keys.revokeTitle", { name: one.name })}
      text={t("keys.revokeText")}
      action={t("keys.revoke")}
      run={revoke}
      trigger={
        <button type="button" className="btn btn-danger" aria-label={t("keys.revokeOf", { name: one.name })}>
          <Icon name="trash" />
          {t("keys.revoke")}
        </button>
      }
    />
  );
}
