import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { PictureDrawing } from "@/ui/pictures";
import { cleanCode } from "./code";

interface CodeFieldProps {
  initial: string;
  busy: boolean;
  failure: string | undefined;
  onCode: (code: string) => void;
}

/** One field, as large as the letters on the board. */
export function CodeField({ initial, busy, failure, onCode }: CodeFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState(initial);
  return (
    <div className="grid gap-6">
      <div className="flex gap-3" aria-hidden="true">
        {(["cat", "guitar", "fox", "drum"] as const).map((name) => (
          <PictureDrawing key={name} name={name} className="size-12 sm:size-16" />
        ))}
      </div>
      <h1 className="text-[clamp(2.1rem,1.6rem+2.4vw,3.6rem)] font-black">{t("classDoor.title")}</h1>
      <form
        className="grid max-w-[34rem] gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (cleanCode(typed) !== "" && !busy) onCode(cleanCode(typed));
        }}
      >
        <label htmlFor={id} className="text-xl font-bold">
          {t("classDoor.code")}
        </label>
        <input
          id={id}
          className="field display min-h-20 border-2 border-ink text-center text-[clamp(1.9rem,8vw,3.2rem)] uppercase tracking-[0.12em]"
          value={typed}
          autoFocus
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={24}
          aria-invalid={failure !== undefined}
          aria-describedby={failure ? `${id}-failure` : `${id}-hint`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <p id={`${id}-hint`} className="text-muted">
          {t("classDoor.codeHint")}
        </p>
        <div id={`${id}-failure`} className="empty:hidden">
          <FormFailure text={failure} />
        </div>
        <button type="submit" className="btn btn-solid min-h-16 text-2xl" aria-disabled={busy || cleanCode(typed) === ""}>
          {busy ? t("form.sending") : t("classDoor.go")}
          <Icon name="arrow" className="size-7" />
        </button>
      </form>
      <p>
        <Link to="/sign-in" className="link inline-flex min-h-11 items-center">
          {t("classDoor.grownUp")}
        </Link>
      </p>
    </div>
  );
}
