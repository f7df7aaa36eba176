import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelProvider, ModelRoute, NewModelRoute } from "@/api/model-types";
import { routes } from "@/api/models";
import { FormFailure, SendButton, TextField, Tick } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { useToasts } from "@/ui/toasts";
import { useRenewed } from "./parts";
import { TASKS, TASK_NAMES } from "./tasks";
import { type Way, firstOf, targetsOf, wayOf } from "./way";
import { WayEditor } from "./way-editor";

/** What is kept of a route, as it would be made anew. */
export const wishOf = ({ model, tasks, targets, attempts, cache_seconds, hedge_ms, similar }: ModelRoute): NewModelRoute => ({ model, tasks, targets, attempts, cache_seconds, hedge_ms: hedge_ms ?? null, similar: similar ?? null });

interface Initial {
  wish: NewModelRoute;
  submit: (wish: NewModelRoute) => Promise<void>;
}

const whole = (text: string, least: number, most: number) => /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
const MOST_TRIES = 10;
/** Thirty days, in seconds. */
const LONGEST_KEPT = 2_592_000;
/** In milliseconds. */
const HEDGES = [50, 60_000] as const;
const MOST_PARTS = 1000;
/** As cosines. */
const LIKENESSES = [0.5, 1] as const;
/** People write decimals with a point or with a comma. */
const decimal = (text: string) => (/^\d*[.,]?\d+$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : Number.NaN);
const isLikeness = (text: string) => decimal(text) >= LIKENESSES[0] && decimal(text) <= LIKENESSES[1];

function useRouteForm({ wish, submit }: Initial) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>(wayOf(wish.targets));
  const [tasks, setTasks] = useState<readonly string[]>(wish.tasks);
  const number = (least: number, most: number) => t("routes.wrongNumber", { least, most });
  const faultOf = () => {
    const all = way.flat();
    if (all.length === 0 || all.some(({ provider }) => provider === "")) return t("routes.nobody");
    if (all.some(({ model }) => model.trim() === "")) return t("routes.modelNeeded");
    return all.every(({ parts }) => Number.isInteger(parts) && parts >= 1 && parts <= MOST_PARTS) ? undefined : number(1, MOST_PARTS);
  };
  const form = useForm({
    initial: { model: wish.model, attempts: String(wish.attempts), cache_seconds: String(wish.cache_seconds), hedge_ms: wish.hedge_ms === null ? "" : String(wish.hedge_ms), similar: wish.similar === null ? "" : String(wish.similar), targets: "", tasks: "" },
    check: ({ model, attempts, cache_seconds, hedge_ms, similar }) => {
      const fault = faultOf();
      return {
        ...(model.trim() ? {} : { model: t("form.nameNeeded") }),
        ...(fault === undefined ? {} : { targets: fault }),
        ...(whole(attempts, 1, MOST_TRIES) ? {} : { attempts: number(1, MOST_TRIES) }),
        ...(whole(cache_seconds, 0, LONGEST_KEPT) ? {} : { cache_seconds: number(0, LONGEST_KEPT) }),
        ...(hedge_ms.trim() === "" || whole(hedge_ms, ...HEDGES) ? {} : { hedge_ms: number(...HEDGES) }),
        ...(similar.trim() === "" || isLikeness(similar) ? {} : { similar: number(...LIKENESSES) }),
        ...(isLikeness(similar) && Number(cache_seconds) === 0 ? { similar: t("routes.similarNeedsCache") } : {}),
      };
    },
    submit: ({ model, attempts, cache_seconds, hedge_ms, similar }) =>
      submit({
        model: model.trim(),
        tasks: [...tasks],
        targets: targetsOf(way.map((step) => step.map((one) => ({ ...one, model: one.model.trim() })))),
        attempts: Number(attempts),
        cache_seconds: Number(cache_seconds),
        hedge_ms: hedge_ms.trim() === "" ? null : Number(hedge_ms),
        similar: similar.trim() === "" ? null : decimal(similar),
      }),
  });
  return { ...form, way, setWay, tasks, setTasks };
}

function Fields({ form, known }: { form: ReturnType<typeof useRouteForm>; known: readonly ModelProvider[] }) {
  const { t } = useTranslation();
  const { text } = form;
  return (
    <>
      <TextField {...text("model")} label={t("routes.name")} hint={t("routes.nameHint")} maxLength={100} autoComplete="off" required />
      <WayEditor way={form.way} known={known} error={text("targets").error} errorId={`${text("targets").id}-error`} onWay={form.setWay} />
      <TaskTicks form={form} />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <TextField {...text("attempts")} label={t("routes.attempts")} hint={t("routes.attemptsHint")} inputMode="numeric" maxLength={2} />
        <TextField {...text("cache_seconds")} label={t("routes.cache")} hint={t("routes.cacheHint")} inputMode="numeric" maxLength={7} />
        <TextField {...text("similar")} label={t("routes.similar")} hint={t("routes.similarHint")} inputMode="decimal" maxLength={6} />
        <TextField {...text("hedge_ms")} label={t("routes.hedge")} hint={t("routes.hedgeHint")} inputMode="numeric" maxLength={5} />
      </div>
      <FormFailure text={form.failure} />
    </>
  );
}

function TaskTicks({ form }: { form: ReturnType<typeof useRouteForm> }) {
  const { t } = useTranslation();
  const { tasks, setTasks, text } = form;
  const { id, error } = text("tasks");
  // What somebody set elsewhere and this page has no word for stays.
  const others = tasks.filter((task) => !TASK_NAMES.some((name) => TASKS[name] === task));
  const shown = [...TASK_NAMES.map((name) => [TASKS[name], t(`routes.task.${name}`)] as const), ...others.map((task) => [task, task] as const)];
  return (
    <fieldset>
      <legend className="text-[0.95rem] font-bold">{t("routes.tasks")}</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {shown.map(([task, label], i) => (
          <Tick
            key={task}
            id={`${id}-${i}`}
            name="tasks"
            error={i === 0 ? error : undefined}
            label={label}
            checked={tasks.includes(task)}
            onChecked={(on) => setTasks(on ? [...tasks, task] : tasks.filter((other) => other !== task))}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** The usual of a new route: everything of the platform, the first model of the first provider. */
function usual(known: readonly ModelProvider[]): NewModelRoute {
  return { model: "default", tasks: ["*"], targets: [{ ...firstOf(known), order: 1, weight: 1 }], attempts: 2, cache_seconds: 0, hedge_ms: null, similar: null };
}

export function NewRoute({ known, done }: { known: readonly ModelProvider[]; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const form = useRouteForm({
    wish: usual(known),
    submit: async (wish) => {
      await routes.add(wish);
      toast({ text: t("routes.saved", { name: wish.model }), life: 5000 });
      await done();
    },
  });
  return (
    <form {...form.form} className="grid max-w-3xl gap-5">
      <Fields form={form} known={known} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("routes.add")}
      </SendButton>
    </form>
  );
}

export function ChangeRoute({ route, known, done }: { route: ModelRoute; known: readonly ModelProvider[]; done: () => void }) {
  const { t } = useTranslation();
  const toast = useToasts((state) => state.add);
  const renewed = useRenewed();
  const form = useRouteForm({
    wish: wishOf(route),
    submit: async (wish) => {
      await routes.change(route, wish);
      toast({ text: t("routes.saved", { name: wish.model }), life: 5000 });
      await renewed();
      done();
    },
  });
  return (
    <form {...form.form} className="grid gap-5">
      <Fields form={form} known={known} />
      <SendButton busy={form.busy} className="justify-self-start">
        {t("form.save")}
      </SendButton>
    </form>
  );
}
