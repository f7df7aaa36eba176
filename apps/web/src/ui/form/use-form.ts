import { type SyntheticEvent, useId, useRef, useState } from "react";
import { useFaultText, useProblemText } from "@/api/problem-text";
import { Problem } from "@/api/problem";

export type Values = Record<string, string | boolean>;
export type Errors<T> = Partial<Record<keyof T & string, string>>;

interface FormOptions<T extends Values> {
  initial: T;
  /** What is wrong with the values, told at the fields; nothing is sent while anything is. */
  check?: (values: T) => Errors<T>;
  /** `pressed` is the value of the button that was pressed, where a form has several. */
  submit: (values: T, pressed: string) => Promise<void>;
}

export interface FieldProps {
  id: string;
  name: string;
  error: string | undefined;
}

/**
 * The state of a form: its values, what is wrong with each, and whether it is on its way. What the server finds wrong with
 * a field is told at the field, the rest above the button; the first field at fault gets the focus.
 */
export function useForm<T extends Values>({ initial, check, submit }: FormOptions<T>) {
  const form = useId();
  const explain = useProblemText();
  const explainField = useFaultText();
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Errors<T>>({});
  const [failure, setFailure] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);

  const point = (found: Errors<T>) => {
    setErrors(found);
    const names = Object.keys(found).filter((name) => found[name] !== undefined);
    // The first in the order of the page, once the message is there to be read with it.
    requestAnimationFrame(() => {
      const first = [...(element.current?.elements ?? [])].find((field) => field instanceof HTMLElement && names.includes(field.getAttribute("name") ?? ""));
      if (first instanceof HTMLElement) first.focus();
    });
    return names.length > 0;
  };

  const set = <K extends keyof T & string>(name: K, value: T[K]) => {
    setValues((before) => ({ ...before, [name]: value }));
    setErrors((before) => ({ ...before, [name]: undefined }));
  };

  const send = async (pressed: string) => {
    setFailure(undefined);
    setProblem(undefined);
    if (point(check?.(values) ?? {})) return;
    setBusy(true);
    try {
      await submit(values, pressed);
    } catch (error) {
      const refused = error instanceof Problem ? error : Problem.network();
      // What is wrong with a part of a list is told at the list: `models[2]` at `models`.
      const faults = (refused.body.errors ?? []).map((fault) => [fault.field?.split(/[.[]/)[0] ?? "", fault] as const).filter(([name]) => name in values);
      const found = Object.fromEntries(faults.map(([name, fault]) => [name, explainField(fault)])) as Errors<T>;
      setProblem(refused);
      if (!point(found)) setFailure(explain(refused));
    } finally {
      setBusy(false);
    }
  };

  const onSubmit = (event: SyntheticEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent;
    if (!busy) void send(submitter instanceof HTMLButtonElement ? submitter.value : "");
  };
  const field = (name: keyof T & string): FieldProps => ({ id: `${form}${name}`, name, error: errors[name] });
  const text = (name: keyof T & string) => ({
    ...field(name),
    value: String(values[name]),
    onValue: (value: string) => set(name, value as T[typeof name]),
  });
  const tick = (name: keyof T & string) => ({
    ...field(name),
    checked: values[name] === true,
    onChecked: (value: boolean) => set(name, value as T[typeof name]),
  });
  return { values, set, setValues, errors, failure, problem, busy, text, tick, form: { ref: element, onSubmit, noValidate: true } };
}
