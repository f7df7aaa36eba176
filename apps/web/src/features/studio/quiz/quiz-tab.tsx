import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "@/api/types";
import { formatBars } from "@/lib/bars";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { useStudio } from "../state";
import { type Answer, type Given, grade, keyInWords } from "./grade";
import { TaskInput } from "./task-input";

/** The quiz, one question after the other, with the bars replayed and the reason told at once. */
export function QuizTab() {
  const { t } = useTranslation();
  const items = useStudio((state) => state.mashup.learning_assessment.items);
  const { at, given } = useStudio((state) => state.quiz);
  const set = useStudio((state) => state.set);
  const item = items[at];
  const start = () => set({ quiz: { at: 0, given: [] } });

  if (at < 0) {
    return (
      <div className="grid justify-items-start gap-4">
        <p className="text-lg">{t("quiz.lead", { count: items.length })}</p>
        <button type="button" className="btn btn-solid" disabled={items.length === 0} onClick={start}>
          {t("quiz.start")}
          <Icon name="arrow" />
        </button>
      </div>
    );
  }
  if (!item) return <Result items={items} given={given} onAgain={start} />;
  return (
    <Question
      key={item.id}
      item={item}
      at={at}
      count={items.length}
      checked={given[at]?.answer}
      onAnswer={(answer) => set({ quiz: { at, given: [...given, { answer, points: grade(item, answer) }] } })}
      onNext={() => set({ quiz: { at: at + 1, given } })}
    />
  );
}

interface QuestionProps {
  item: Item;
  at: number;
  count: number;
  /** The answer that was given and checked, if one was. */
  checked: Answer | undefined;
  onAnswer: (answer: Answer) => void;
  onNext: () => void;
}

function Question({ item, at, count, checked, onAnswer, onNext }: QuestionProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const show = useStudio((state) => state.show);
  const [answer, setAnswer] = useState<Answer | undefined>(checked);
  const heading = useRef<HTMLHeadingElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (checked) next.current?.focus({ preventScroll: true });
  }, [checked]);

  const check = () => {
    if (!answer || checked) return;
    onAnswer(answer);
    if (item.evidence.bars.length > 0) show(item.evidence, item.listen);
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        check();
      }}
    >
      <p className="eyebrow">{t("quiz.question", { at: at + 1, count })}</p>
      <h2 ref={heading} tabIndex={-1} className="text-2xl outline-none">
        {item.prompt[language]}
      </h2>
      {item.listen && item.evidence.bars.length > 0 && (
        <Replay item={item} onReplay={() => show(item.evidence)} />
      )}
      <TaskInput task={item.task} answer={answer} locked={checked !== undefined} onChange={setAnswer} />
      {!checked && (
        <button type="submit" className="btn btn-solid justify-self-start" disabled={!answer}>
          {t("quiz.check")}
        </button>
      )}
      <div role="status">{checked && <Feedback item={item} points={grade(item, checked)} onReplay={() => show(item.evidence)} />}</div>
      {checked && (
        <button ref={next} type="button" className="btn btn-solid justify-self-start" onClick={onNext}>
          {at + 1 < count ? t("quiz.next") : t("quiz.finish")}
          <Icon name="arrow" />
        </button>
      )}
    </form>
  );
}

function Replay({ item, onReplay }: { item: Item; onReplay: () => void }) {
  const { t } = useTranslation();
  const { bars } = item.evidence;
  return (
    <button type="button" className="btn justify-self-start" onClick={onReplay}>
      <Icon name="speaker" />
      {t("theory.play", { bars: t("theory.bars", { count: bars.length, list: formatBars(bars) }) })}
    </button>
  );
}

function useKeyInWords() {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  return (item: Item) => keyInWords(item.task, language, { yes: t("quiz.trueOption"), no: t("quiz.falseOption") });
}

function Feedback({ item, points, onReplay }: { item: Item; points: number; onReplay: () => void }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const key = useKeyInWords();
  const full = points >= item.points;
  return (
    <div className={`grid gap-2 rounded-xl border-2 p-4 ${full ? "border-good bg-good-soft" : "border-signal bg-signal-soft"}`}>
      <p className="text-lg font-bold">{full ? t("quiz.right") : points > 0 ? t("quiz.partly", { points, most: item.points }) : t("quiz.wrong")}</p>
      {!full && <p>{t("quiz.answerWas", { answer: key(item) })}</p>}
      <p>{item.explanation[language]}</p>
      {item.evidence.bars.length > 0 && (
        <Replay item={item} onReplay={onReplay} />
      )}
    </div>
  );
}

function Result({ items, given, onAgain }: { items: readonly Item[]; given: readonly Given[]; onAgain: () => void }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const key = useKeyInWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const points = Math.round(given.reduce((sum, one) => sum + one.points, 0) * 10) / 10;
  const most = items.reduce((sum, item) => sum + item.points, 0);
  return (
    <div className="grid gap-4">
      <h2 ref={heading} tabIndex={-1} className="text-4xl outline-none">
        {t("quiz.result", { points, most })}
      </h2>
      <button type="button" className="btn btn-solid justify-self-start" onClick={onAgain}>
        {t("quiz.again")}
      </button>
      <h3 className="text-xl">{t("quiz.review")}</h3>
      <ol className="grid gap-2">
        {items.map((item, i) => {
          const right = (given[i]?.points ?? 0) >= item.points;
          return (
            <li key={item.id} className="flex gap-3 border-t border-line pt-2">
              <Icon name={right ? "check" : "close"} className={`mt-1 size-5 ${right ? "text-good" : "text-bad"}`} />
              <span>
                {item.prompt[language]} <strong>{key(item)}</strong>
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
