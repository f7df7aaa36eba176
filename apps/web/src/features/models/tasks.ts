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

/** Says tasks in words; those that this page does not know, by their own names. */
export function useTaskNames(): (tasks: readonly string[]) => string[] {
  const { t } = useTranslation();
  return (tasks) =>
    tasks.map((task) => {
      const known = TASK_NAMES.find((name) => TASKS[name] === task);
      return known ? t(`routes.task.${known}`) : task;
    });
}
