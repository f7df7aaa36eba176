import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import { EXPORTS, exportPath } from "@/api/mashups";
import { useSettings } from "@/lib/settings";
import { DownloadLink } from "@/ui/download-link";
import { Icon } from "@/ui/icons";
import { PrintItems } from "./print-items";
import { useStudio } from "./state";

const ITEM = "flex min-h-11 items-center gap-2 rounded-lg px-3 outline-none data-[highlighted]:bg-ink data-[highlighted]:text-paper";

/** Every form in which the piece can be taken home. */
export function DownloadsMenu() {
  const { t } = useTranslation();
  const id = useStudio((state) => state.mashup.id);
  const language = useSettings((state) => state.language);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="btn">
        <Icon name="download" />
        <span className="max-sm:sr-only">{t("piece.downloads")}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className="z-40 rounded-xl border border-line bg-surface p-1.5 shadow-sleeve">
          <PrintItems className={ITEM} />
          {EXPORTS.map((kind) => (
            <DropdownMenu.Item key={kind} asChild>
              <DownloadLink path={exportPath(id, kind, language)} className={ITEM}>
                {t(`piece.formats.${kind}`)}
              </DownloadLink>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
