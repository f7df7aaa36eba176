import { useQueryClient } from "@tanstack/react-query";
import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useSettings } from "@/lib/settings";
import { engravePages } from "@/score/engraver";
import { asWanted } from "@/score/musicxml";
import { printSheets } from "@/score/print";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";
import { useStudio } from "./state";
import { musicXmlQuery, useWanted } from "./wanted-score";

const ALL: readonly string[] = [];

/** The score on paper, or a player's part of it: engraved here, for the printer or a PDF. */
export function PrintItems({ className }: { className: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const addToast = useToasts((state) => state.add);
  const language = useSettings((state) => state.language);
  const { id, title, score } = useStudio((state) => state.mashup);
  const wanted = useWanted(ALL);

  async function print(part?: string) {
    const name = score.parts.find((p) => p.id === part)?.name[language];
    try {
      const musicxml = await queries.query(musicXmlQuery(id));
      const sheet = asWanted(musicxml, { ...wanted, parts: part === undefined ? ALL : [part] });
      const pages = await engravePages(sheet, part === undefined ? "score" : "part");
      printSheets(pages, name === undefined ? title : `${title}, ${name}`);
    } catch {
      addToast({ text: t("studio.scoreFailed") });
    }
  }

  return (
    <>
      <DropdownMenu.Item className={className} onSelect={() => void print()}>
        <Icon name="print" />
        {t("piece.printScore")}
      </DropdownMenu.Item>
      <DropdownMenu.Sub>
        <DropdownMenu.SubTrigger className={className}>
          <Icon name="print" />
          {t("piece.printPart")}
        </DropdownMenu.SubTrigger>
        <DropdownMenu.Portal>
          <DropdownMenu.SubContent className="z-40 rounded-xl border border-line bg-surface p-1.5 shadow-sleeve" collisionPadding={8}>
            {score.parts.map((part) => (
              <DropdownMenu.Item key={part.id} className={className} onSelect={() => void print(part.id)}>
                {part.name[language]}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.SubContent>
        </DropdownMenu.Portal>
      </DropdownMenu.Sub>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
    </>
  );
}
