import { useTranslation } from "react-i18next";

/** The purposes that this page has plain words for. */
export const PURPOSES = ["learning_records", "cloud_models", "analytics", "research", "directory", "communications", "recordings"] as const;

/** A purpose in plain words: its name, and what is done with which data; the bare name where the page does not know it. */
export function usePurposeText(): (purpose: string) => { name: string; text: string } {
  const { t } = useTranslation();
  return (purpose) => {
    const known = PURPOSES.find((one) => one === purpose);
    return known ? { name: t(`consent.purposes.${known}`), text: t(`consent.texts.${known}`) } : { name: purpose.replaceAll("_", " "), text: "" };
  };
}

/** What is asked for, each with its reason. */
export function PurposeList({ purposes }: { purposes: readonly string[] }) {
  const describe = usePurposeText();
  return (
    <ul className="grid gap-4">
      {purposes.map((purpose) => {
        const { name, text } = describe(purpose);
        return (
          <li key={purpose} className="grid gap-0.5 border-l-4 border-accent pl-4">
            <strong className="text-lg">{name}</strong>
            <span className="text-muted">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
