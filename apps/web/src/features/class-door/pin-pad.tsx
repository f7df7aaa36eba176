import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";

/** How many digits a PIN has. */
const LEAST = 4;
const MOST = 8;

/** Large digits to press, or to type. */
export function PinPad({ busy, onPin }: { busy: boolean; onPin: (pin: string) => void }) {
  const { t } = useTranslation();
  const [pin, setPin] = useState("");
  const ready = pin.length >= LEAST && !busy;

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || busy) return;
      if (/^\d$/.test(event.key)) setPin((before) => (before + event.key).slice(0, MOST));
      else if (event.key === "Backspace") setPin((before) => before.slice(0, -1));
      else if (event.key === "Enter" && pin.length >= LEAST && !(event.target instanceof HTMLButtonElement)) onPin(pin);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [busy, pin, onPin]);

  const key = "btn min-h-16 border-2 text-2xl font-bold sm:min-h-20 sm:text-3xl";
  return (
    <div className="grid gap-4">
      <p className="text-xl font-bold">{t("classDoor.pin")}</p>
      <p className="flex min-h-12 items-center gap-3" role="status">
        <span className="sr-only">{t("classDoor.digits", { count: pin.length })}</span>
        {Array.from({ length: Math.max(LEAST, pin.length) }, (_, i) => (
          <span key={i} aria-hidden="true" className={`size-6 rounded-full border-[3px] ${i < pin.length ? "border-accent bg-accent" : "border-edge"}`} />
        ))}
      </p>
      <div className="grid grid-cols-3 gap-2.5" role="group" aria-label={t("classDoor.pin")}>
        {[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => (
          <button key={digit} type="button" className={key} onClick={() => setPin((before) => `${before}${digit}`.slice(0, MOST))}>
            {digit}
          </button>
        ))}
        <button type="button" className={key} aria-label={t("classDoor.takeBack")} disabled={pin === ""} onClick={() => setPin((before) => before.slice(0, -1))}>
          <Icon name="delete" className="size-7" />
        </button>
        <button type="button" className={key} onClick={() => setPin((before) => `${before}0`.slice(0, MOST))}>
          0
        </button>
        <button type="button" className={`${key} btn-solid`} aria-label={t("classDoor.enter")} disabled={!ready} onClick={() => onPin(pin)}>
          <Icon name="check" className="size-8" />
        </button>
      </div>
    </div>
  );
}
