import { type HTMLAttributes, type HTMLInputAutoCompleteAttribute, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import type { FieldProps } from "./use-form";

interface LabelledProps extends Pick<FieldProps, "id" | "error"> {
  label: string;
  hint?: ReactNode;
  children: ReactNode;
}

/** Ids of what describes a field, for `aria-describedby`. */
function describedBy({ id, error }: Pick<FieldProps, "id" | "error">, hint: ReactNode): string | undefined {
  return [hint ? `${id}-hint` : undefined, error ? `${id}-error` : undefined].filter(Boolean).join(" ") || undefined;
}

/** A field under its label, with a hint and what is wrong with it. */
function Labelled({ id, label, hint, error, children }: LabelledProps) {
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="text-[0.95rem] font-bold">
        {label}
      </label>
      {children}
      {hint && (
        <div id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm font-semibold text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  label: string;
  hint?: ReactNode;
  value: string;
  onValue: (value: string) => void;
  type?: "text" | "email" | "date" | "search";
  autoComplete?: HTMLInputAutoCompleteAttribute;
  inputMode?: HTMLAttributes<HTMLInputElement>["inputMode"];
  autoFocus?: boolean;
  readOnly?: boolean;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  className?: string;
  min?: string;
  max?: string;
}

export function TextField({ label, hint, error, onValue, className = "", ...input }: TextFieldProps) {
  return (
    <Labelled id={input.id} label={label} hint={hint} error={error}>
      <input
        {...input}
        type={input.type ?? "text"}
        className={`field ${input.readOnly ? "border-dashed text-muted" : ""} ${className}`}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy({ id: input.id, error }, hint)}
        onChange={(event) => onValue(event.target.value)}
      />
    </Labelled>
  );
}

interface PasswordFieldProps extends FieldProps {
  label: string;
  hint?: ReactNode;
  value: string;
  onValue: (value: string) => void;
  autoComplete: "current-password" | "new-password";
}

/** A password that can be looked at: who sees what they type needs no second field to be sure. */
export function PasswordField({ label, hint, error, onValue, ...input }: PasswordFieldProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Labelled id={input.id} label={label} hint={hint} error={error}>
      <div className="relative">
        <input
          {...input}
          type={shown ? "text" : "password"}
          className="field pr-12"
          required
          maxLength={1000}
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={error !== undefined}
          aria-describedby={describedBy({ id: input.id, error }, hint)}
          onChange={(event) => onValue(event.target.value)}
        />
        <button
          type="button"
          className="absolute right-0 top-0 grid size-11 place-items-center rounded-lg text-muted hover:text-ink"
          aria-label={shown ? t("form.hidePassword") : t("form.showPassword")}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? "eyeOff" : "eye"} />
        </button>
      </div>
    </Labelled>
  );
}

/** A secret that is pasted and never shown again. Keepers of passwords leave it alone. */
export function SecretField({ label, hint, error, onValue, ...input }: FieldProps & { label: string; hint?: ReactNode; value: string; onValue: (value: string) => void }) {
  return (
    <Labelled id={input.id} label={label} hint={hint} error={error}>
      <input
        {...input}
        type="password"
        className="field"
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="none"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy({ id: input.id, error }, hint)}
        onChange={(event) => onValue(event.target.value)}
      />
    </Labelled>
  );
}

interface SelectFieldProps<T extends string> extends FieldProps {
  label: string;
  hint?: ReactNode;
  value: T;
  options: readonly { value: T; label: string }[];
  onValue: (value: T) => void;
  autoComplete?: HTMLInputAutoCompleteAttribute;
}

export function SelectField<T extends string>({ label, hint, error, options, onValue, ...select }: SelectFieldProps<T>) {
  return (
    <Labelled id={select.id} label={label} hint={hint} error={error}>
      <select
        {...select}
        className="field font-semibold"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy({ id: select.id, error }, hint)}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onValue(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface AreaFieldProps extends FieldProps {
  label: string;
  hint?: ReactNode;
  value: string;
  onValue: (value: string) => void;
  rows?: number;
  placeholder?: string;
  maxLength?: number;
}

export function AreaField({ label, hint, error, onValue, rows = 4, ...area }: AreaFieldProps) {
  return (
    <Labelled id={area.id} label={label} hint={hint} error={error}>
      <textarea
        {...area}
        rows={rows}
        className="field resize-y"
        aria-invalid={error !== undefined}
        aria-describedby={describedBy({ id: area.id, error }, hint)}
        onChange={(event) => onValue(event.target.value)}
      />
    </Labelled>
  );
}

interface TickProps extends FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChecked: (checked: boolean) => void;
}

export function Tick({ label, hint, error, checked, onChecked, id, name }: TickProps) {
  return (
    <div className="grid gap-1">
      <label className="flex min-h-11 items-start gap-3 py-1.5">
        <input
          id={id}
          name={name}
          type="checkbox"
          className="mt-px size-5 shrink-0 accent-accent"
          checked={checked}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy({ id, error }, hint)}
          onChange={(event) => onChecked(event.target.checked)}
        />
        <span className="leading-snug">{label}</span>
      </label>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm font-semibold text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

/** What went wrong with a whole form. */
export function FormFailure({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-4 py-2 font-semibold text-bad">
      {text}
    </p>
  );
}

/** The button that sends a form. While it is on its way, it says so. */
export function SendButton({ busy, children, className = "" }: { busy: boolean; children: ReactNode; className?: string }) {
  const { t } = useTranslation();
  return (
    <button type="submit" className={`btn btn-solid min-h-12 px-6 text-lg ${className}`} aria-disabled={busy}>
      {busy ? t("form.sending") : children}
    </button>
  );
}
