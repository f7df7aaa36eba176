import { useTranslation } from "react-i18next";
import { strengthOf } from "@/lib/password";
import { PasswordField } from "./fields";
import type { FieldProps } from "./use-form";

const BARS = { short: 0, weak: 1, fair: 2, strong: 3 } as const;
const COLOURS = ["bg-line", "bg-signal", "bg-accent", "bg-good"] as const;

interface NewPasswordProps extends FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  /** Names and addresses of the person, which a guesser would try. */
  known?: readonly string[];
}

/** A password to be made up, with a hint of how long it would keep a guesser out. Length is the only rule. */
export function NewPasswordField({ known = [], ...field }: NewPasswordProps) {
  const { t } = useTranslation();
  const strength = strengthOf(field.value, known);
  const bars = field.value === "" ? 0 : BARS[strength];
  return (
    <PasswordField
      {...field}
      autoComplete="new-password"
      hint={
        <span className="grid gap-1.5 pt-1">
          <span className="grid grid-cols-3 gap-1" aria-hidden="true">
            {[1, 2, 3].map((bar) => (
              <span key={bar} className={`h-1.5 rounded-full transition-colors duration-200 ${bar <= bars ? COLOURS[bars] : "bg-line"}`} />
            ))}
          </span>
          <span>{field.value === "" ? t("password.rule") : t(`password.${strength}`)}</span>
        </span>
      }
    />
  );
}
