import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ModelProvider } from "@/api/model-types";
import { formatPercent } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { type Answerer, type Way, below, beside, changed, firstOf, moved, shareOf, without } from "./way";

interface WayEditorProps {
  way: Way;
  known: readonly ModelProvider[];
  error: string | undefined;
  errorId: string;
  onWay: (way: Way) => void;
}

/** Who is asked first, who shares with them, and who steps in: built from above to below. */
export function WayEditor({ way, known, error, errorId, onWay }: WayEditorProps) {
  const { t } = useTranslation();
  const fresh: Answerer = { ...firstOf(known), parts: 1 };
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 text-[0.95rem] font-bold">{t("house.answers")}</legend>
      <ol className="grid gap-3">
        {way.map((step, i) => (
          <li key={i} className="grid gap-3 rounded-xl border-[1.5px] border-edge bg-surface p-3 sm:p-4">
            <div className="flex flex-wrap items-center gap-2">
              <strong className="mr-auto">
                {i + 1}. {t(i === 0 ? "routes.first" : "routes.then")}
              </strong>
              {i > 0 && <Move label={t("routes.upOf", { name: step[0]?.model ?? "" })} text={t("routes.up")} onPress={() => onWay(moved(way, i, -1))} />}
              {i < way.length - 1 && <Move label={t("routes.downOf", { name: step[0]?.model ?? "" })} text={t("routes.down")} onPress={() => onWay(moved(way, i, 1))} />}
            </div>
            <ul className="grid gap-3">
              {step.map((one, j) => (
                <Line
                  key={j}
                  one={one}
                  step={step}
                  known={known}
                  alone={way.length === 1 && step.length === 1}
                  onChange={(change) => onWay(changed(way, i, j, change))}
                  onRemove={() => onWay(without(way, i, j))}
                />
              ))}
            </ul>
            <button type="button" className="btn btn-quiet justify-self-start" onClick={() => onWay(beside(way, i, fresh))}>
              <Icon name="plus" />
              {t("routes.addBeside")}
            </button>
          </li>
        ))}
      </ol>
      <button type="button" className="btn justify-self-start" onClick={() => onWay(below(way, fresh))}>
        <Icon name="plus" />
        {t("routes.addBelow")}
      </button>
      {error && (
        <p id={errorId} role="alert" className="text-sm font-semibold text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Move({ label, text, onPress }: { label: string; text: string; onPress: () => void }) {
  return (
    <button type="button" className="btn" aria-label={label} onClick={onPress}>
      {text}
    </button>
  );
}

interface LineProps {
  one: Answerer;
  step: readonly Answerer[];
  known: readonly ModelProvider[];
  /** Whether it is the only one: somebody has to answer. */
  alone: boolean;
  onChange: (change: Partial<Answerer>) => void;
  onRemove: () => void;
}

function Line({ one, step, known, alone, onChange, onRemove }: LineProps) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const id = useId();
  const models = known.find(({ name }) => name === one.provider)?.models ?? [];
  const choose = (provider: string) => onChange({ provider, model: known.find(({ name }) => name === provider)?.models[0] ?? "" });
  return (
    <li className="grid items-end gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto_auto]">
      <label className="grid gap-0.5">
        <span className="eyebrow">{t("routes.provider")}</span>
        <select className="field font-semibold" value={one.provider} onChange={(event) => choose(event.target.value)}>
          {!known.some(({ name }) => name === one.provider) && <option value={one.provider}>{one.provider}</option>}
          {known.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="grid gap-0.5">
        <span className="eyebrow">{t("routes.model")}</span>
        <input className="field" list={id} value={one.model} maxLength={200} autoComplete="off" spellCheck={false} onChange={(event) => onChange({ model: event.target.value })} />
        <datalist id={id}>
          {models.map((model) => (
            <option key={model} value={model} />
          ))}
        </datalist>
      </label>
      {step.length > 1 && (
        <label className="grid gap-0.5">
          <span className="eyebrow">
            {t("routes.share")} <span className="nums">({formatPercent(shareOf(one, step), language)})</span>
          </span>
          <input
            className="field nums w-28"
            inputMode="numeric"
            maxLength={4}
            value={one.parts || ""}
            onChange={(event) => /^\d*$/.test(event.target.value) && onChange({ parts: Number(event.target.value) })}
          />
        </label>
      )}
      {!alone && (
        <button type="button" className="btn btn-icon btn-danger" aria-label={t("routes.takeOut", { name: one.model })} onClick={onRemove}>
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
