import { Collapsible } from "radix-ui";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import type { GenerateRequest } from "@/api/types";
import { Icon } from "@/ui/icons";

export type Advanced = Pick<GenerateRequest, "genres" | "key" | "tempo_bpm" | "duration_bars" | "language" | "model_preference" | "seed">;

export const noAdvanced: Advanced = {};

export interface DrawerProps {
  value: Advanced;
  onChange: (value: Advanced) => void;
}

const load = () => import("./advanced-fields");
/** Before it is pressed. What goes wrong now is told then. */
const warm = () => void load().catch(() => undefined);
const AdvancedFields = lazy(async () => ({ default: (await load()).AdvancedFields }));

/** What most teachers never need: styles, key, tempo, length, language, who writes the words, seed. Fetched when it is reached for. */
export function AdvancedDrawer({ value, onChange }: DrawerProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen}>
      <Collapsible.Trigger className="btn btn-quiet -ml-4 text-muted" onPointerEnter={warm} onFocus={warm}>
        <Icon name="down" className={`size-4 transition-transform ${open ? "rotate-180" : ""}`} />
        {open ? t("home.fewer") : t("home.more")}
      </Collapsible.Trigger>
      <Collapsible.Content className="mt-2 grid gap-5 rounded-xl border border-line bg-surface p-5">
        <Suspense>
          <AdvancedFields value={value} onChange={onChange} />
        </Suspense>
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
