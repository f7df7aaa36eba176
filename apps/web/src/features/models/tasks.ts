import { useTranslation } from "react-i18next";

/** What the platform asks models for, by the names that routes know it by. */
export const TASKS = {
  all: "*",
  mashup: "mashup.*",
  reading: "mashup.reading",
  genres: "mashup.genres",
  hooks: "mashup.hooks",
  lyrics: "mashup.lyrics",
  wording: "mashup.wording",
  opinion: "mashup.opinion",
} as const;
export type Task = keyof typeof TASKS;
export const TASK_NAMES = Object.keys(TASKS) as Task[];

/** What a call was for, where it was none of these: a program with a key, or a test on these pages. */
const PROGRAMS = "api";
const TESTS = "models.test";

/** Says in words what a call was for. */
export function useFeatureName(): (feature: string) => string {
  const { t } = useTranslation();
  const taskNames = useTaskNames();
  return (feature) => (feature === PROGRAMS ? t("usage.direct") : feature === TESTS ? t("usage.tests") : (taskNames([feature])[0] ?? feature));
}

/** Says in words how a call ended. */
export function useOutcomeName(): (status: string) => string {
  const { t, i18n } = useTranslation();
  return (status) => (i18n.exists(`usage.outcomes.${status}`) ? t(`usage.outcomes.${status}` as "usage.outcomes.ok") : status);
}

/** Says tasks in words; those that this page does not know, by their own names. */
export function useTaskNames(): (tasks: readonly string[]) => string[] {
  const { t } = useTranslation();
  return (tasks) =>
    tasks.map((task) => {
      const known = TASK_NAMES.find((name) => TASKS[name] === task);
      return known ? t(`routes.task.${known}`) : task;
    });
}
