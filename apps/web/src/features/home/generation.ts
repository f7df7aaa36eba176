import { useCallback, useEffect, useRef, useState } from "react";
import { generate } from "@/api/generate";
import { Problem } from "@/api/problem";
import type { GenerateRequest, Mashup, StepEvent } from "@/api/types";

/** One agent's work as the page shows it. */
export interface Step {
  agent: string;
  status: "running" | "done";
  round: number;
  milliseconds?: number;
}

export type Generation =
  | { phase: "idle" }
  | { phase: "running"; steps: Step[] }
  | { phase: "failed"; problem: Problem; request: GenerateRequest }
  | { phase: "ready"; mashup: Mashup; steps: Step[] };

/** The list of steps after one more event: a repeated agent is a new round, not a new line over an old one. */
export function withEvent(steps: readonly Step[], event: StepEvent): Step[] {
  const open = steps.findLastIndex((step) => step.agent === event.agent && step.status === "running");
  if (event.state === "started") {
    if (open >= 0) return [...steps];
    const round = steps.filter((step) => step.agent === event.agent).length + 1;
    return [...steps, { agent: event.agent, status: "running", round }];
  }
  // A question to a language model within the step: the step goes on.
  if (event.state === "progress") return [...steps];
  const done: Partial<Step> = { status: "done", ...(event.milliseconds == null ? {} : { milliseconds: event.milliseconds }) };
  if (open < 0) return event.state === "finished" ? [...steps, { agent: event.agent, status: "done", round: 1, ...done }] : [...steps];
  return steps.map((step, i) => (i === open ? { ...step, ...done } : step));
}

/** Starts generations and keeps the state of the last one; leaving the page stops listening to it. */
export function useGeneration() {
  const [state, setState] = useState<Generation>({ phase: "idle" });
  const running = useRef<AbortController>(undefined);

  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (request: GenerateRequest) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    let steps: Step[] = [];
    setState({ phase: "running", steps });
    try {
      const mashup = await generate(request, controller.signal, (event) => {
        steps = withEvent(steps, event);
        setState({ phase: "running", steps });
      });
      setState({ phase: "ready", mashup, steps });
    } catch (error) {
      if (controller.signal.aborted) return;
      setState({ phase: "failed", problem: error instanceof Problem ? error : Problem.network(), request });
    }
  }, []);

  const cancel = useCallback(() => {
    running.current?.abort();
    setState({ phase: "idle" });
  }, []);

  return { state, start, cancel };
}
