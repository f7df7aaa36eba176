import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import type { SchoolClass } from "@/api/account-types";
import type { Secret } from "@/api/school";
import { printedCode } from "@/features/class-door/code";
import { PICTURES, PictureDrawing } from "@/ui/pictures";

/** A QR code as a picture. It is drawn here: the code of a class is no business of anybody else's. */
function Qr({ text }: { text: string }) {
  const address = `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 1 }))}`;
  return <img src={address} alt="" className="size-[24mm]" />;
}

/** One card for each child, to be printed and cut. A secret is on it where it was drawn on this visit. */
export function ClassCards({ room, drawn }: { room: SchoolClass; drawn: Readonly<Record<string, Secret>> }) {
  const { t } = useTranslation();
  const address = `${location.origin}/class?code=${room.code}`;
  return (
    <div className="hidden grid-cols-2 gap-[4mm] print:grid" aria-hidden="true">
      {(room.members ?? []).map((member) => {
        const secret = drawn[member.nickname];
        return (
          <div key={member.user_id} className="grid break-inside-avoid grid-cols-[1fr_auto] gap-x-[4mm] gap-y-[2mm] rounded-[3mm] border border-dashed border-edge p-[4mm]">
            <div className="min-w-0">
              <p className="text-[9pt]">{room.name}</p>
              <p className="display text-[17pt] leading-tight wrap-anywhere">{member.nickname}</p>
              <p className="mt-[1.5mm] text-[9pt]">{t("classes.cardCode", { address: `${location.host}/class` })}</p>
              <p className="display nums text-[15pt] tracking-[0.1em]">{printedCode(room.code)}</p>
            </div>
            <Qr text={address} />
            <div className="col-span-2 flex min-h-[15mm] items-center gap-[3mm] border-t border-line pt-[2mm]">
              {secret === undefined && <p className="text-[9pt]">{t("classes.cardSecret")}</p>}
              {secret && "pin" in secret && <p className="display nums text-[19pt] tracking-[0.25em]">{secret.pin}</p>}
              {secret &&
                "pictures" in secret &&
                secret.pictures.map((name, i) => {
                  const picture = PICTURES.find((known) => known === name);
                  return picture ? <PictureDrawing key={i} name={picture} className="size-[13mm] [print-color-adjust:exact]" /> : null;
                })}
            </div>
          </div>
        );
      })}
    </div>
  );
}
