import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { PICTURES, type Picture, PictureDrawing } from "@/ui/pictures";

export const PICTURES_OF_A_PASSWORD = 3;

interface PicturePadProps {
  busy: boolean;
  onPictures: (pictures: Picture[]) => void;
}

/** Twelve pictures, of which three are pressed in the order that the child remembers. The third one enters. */
export function PicturePad({ busy, onPictures }: PicturePadProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly Picture[]>([]);
  const press = (picture: Picture) => {
    if (chosen.length >= PICTURES_OF_A_PASSWORD || busy) return;
    const next = [...chosen, picture];
    setChosen(next);
    if (next.length === PICTURES_OF_A_PASSWORD) onPictures(next);
  };
  return (
    <div className="grid gap-4">
      <p className="text-xl font-bold">{t("classDoor.pictures")}</p>
      <div className="flex items-center gap-2.5">
        <span role="status" className="sr-only">
          {chosen.map((picture) => t(`pictures.${picture}`)).join(", ")}
        </span>
        {Array.from({ length: PICTURES_OF_A_PASSWORD }, (_, i) => {
          const picture = chosen[i];
          return (
            <span key={i} aria-hidden="true" className={`grid size-16 place-items-center rounded-xl border-2 ${picture ? "border-ink bg-surface" : "border-dashed border-edge"}`}>
              {picture ? <PictureDrawing name={picture} className="size-12" /> : <span className="display text-2xl text-muted">{i + 1}</span>}
            </span>
          );
        })}
        <button type="button" className="btn btn-icon ml-auto size-16 border-2" aria-label={t("classDoor.takeBack")} disabled={chosen.length === 0 || busy} onClick={() => setChosen(chosen.slice(0, -1))}>
          <Icon name="delete" className="size-7" />
        </button>
      </div>
      <div className="grid grid-cols-4 gap-2 sm:gap-2.5" role="group" aria-label={t("classDoor.pictures")}>
        {PICTURES.map((picture) => (
          <button key={picture} type="button" className="grid aspect-square place-items-center rounded-xl border-2 border-edge bg-surface active:translate-y-px" aria-label={t(`pictures.${picture}`)} onClick={() => press(picture)}>
            <PictureDrawing name={picture} className="size-[min(4.5rem,80%)]" />
          </button>
        ))}
      </div>
    </div>
  );
}
