import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "@/api/account-types";
import type { Transcript, Turn } from "@/api/model-types";
import { privacyQuery, transcriptQuery, transcriptsQuery } from "@/api/models";
import { PersonField } from "@/features/school/person-field";
import { formatDate } from "@/lib/format";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Modal } from "@/ui/modal";
import { Badge } from "@/ui/page";
import { formatCompact } from "./figures";
import { useFeatureName, useOutcomeName } from "./tasks";

/** What was asked of models and answered, where the school keeps it. */
export function Transcripts() {
  const { t } = useTranslation();
  const privacy = useQuery(privacyQuery);
  const [person, setPerson] = useState<User>();
  const [name, setName] = useState("");
  const [day, setDay] = useState("");
  const narrowed = person !== undefined || day !== "";
  const transcripts = useInfiniteQuery({ ...transcriptsQuery({ person_id: person?.id ?? "", ...boundsOf(day) }), staleTime: 0 });
  const list = privacy.data && transcripts.data?.pages.flatMap((page) => page.items);
  const kept = privacy.data?.log_prompts;
  return (
    <>
      <p className="mb-5 max-w-[65ch]">{t("transcripts.lead")}</p>
      <Loaded query={{ ...transcripts, data: list, error: transcripts.error ?? privacy.error }} waiting={t("transcripts.looking")}>
        {(found) =>
          found.length === 0 && !narrowed ? (
            kept ? (
              <Empty />
            ) : (
              <Off />
            )
          ) : (
            <>
              {!kept && <p className="mb-5 font-semibold">{t("transcripts.before")}</p>}
              <div role="search" className="mb-5 grid max-w-3xl items-start gap-x-5 gap-y-3 sm:grid-cols-[minmax(0,1fr)_12rem]">
                <PersonField field={{ id: "transcripts-person", name: "person", error: undefined, value: name, onValue: setName }} person={person} onPerson={setPerson} />
                <label className="grid gap-0.5">
                  <span className="text-[0.95rem] font-bold">{t("transcripts.day")}</span>
                  <input type="date" className="field" value={day} onChange={(event) => setDay(event.target.value)} />
                </label>
              </div>
              {found.length === 0 ? (
                <p role="status" className="max-w-5xl border-y border-line py-6 text-muted">
                  {t("transcripts.nothing")}
                </p>
              ) : (
                <ol className={`max-w-5xl divide-y divide-line border-y border-line transition-opacity ${transcripts.isPlaceholderData ? "opacity-60" : ""}`}>
                  {found.map((one) => (
                    <Line key={one.id} one={one} />
                  ))}
                </ol>
              )}
            </>
          )
        }
      </Loaded>
      {transcripts.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={transcripts.isFetchingNextPage} onClick={() => void transcripts.fetchNextPage()}>
          {t("transcripts.older")}
        </button>
      )}
    </>
  );
}

/** From the first moment of a day, as the reader's clock has it, to the first after it. */
function boundsOf(day: string): { since: string; until: string } {
  const begin = new Date(`${day}T00:00`);
  if (day === "" || Number.isNaN(begin.getTime())) return { since: "", until: "" };
  const end = new Date(begin);
  end.setDate(end.getDate() + 1);
  return { since: begin.toISOString(), until: end.toISOString() };
}

function Empty() {
  const { t } = useTranslation();
  return (
    <div className="max-w-4xl border-y border-line py-6">
      <p className="text-lg font-semibold">{t("transcripts.none")}</p>
      <p className="text-muted">{t("transcripts.noneText")}</p>
    </div>
  );
}

const POINTS = ["sealed", "given", "deleted"] as const;

/** What it would mean to keep them. */
function Off() {
  const { t } = useTranslation();
  return (
    <div className="card grid max-w-3xl gap-3 p-5">
      <h2 className="flex items-start gap-3 text-2xl">
        <Icon name="eyeOff" className="mt-0.5 size-6" />
        {t("transcripts.off")}
      </h2>
      <p>{t("transcripts.offText")}</p>
      <ul className="grid list-disc gap-1 pl-5">
        {POINTS.map((point) => (
          <li key={point}>{t(`transcripts.offPoints.${point}`)}</li>
        ))}
      </ul>
      <p className="font-semibold">{t("transcripts.offPoints.tell")}</p>
      <Link to="/school/settings" className="btn justify-self-start">
        {t("transcripts.toSettings")}
      </Link>
    </div>
  );
}

function Line({ one }: { one: Transcript }) {
  const { t } = useTranslation();
  const language = useSettings((state) => state.language);
  const featureName = useFeatureName();
  const outcomeName = useOutcomeName();
  const name = one.name ?? t(one.person_id ? "transcripts.somebody" : "transcripts.program");
  const when = formatDate(one.at, language);
  const tokens = { input: formatCompact(one.input_tokens ?? 0, language), output: formatCompact(one.output_tokens ?? 0, language) };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 py-3 lg:grid-cols-[11rem_minmax(0,1fr)_minmax(0,1.2fr)_auto]">
      <time className="nums text-[0.95rem] text-muted max-lg:col-start-1" dateTime={one.at}>
        {when}
      </time>
      <div className="min-w-0 max-lg:col-start-1">
        <strong className="wrap-anywhere">{name}</strong>
        <span className="block text-sm">{one.feature ? featureName(one.feature) : <span className="text-muted">{t("transcripts.forgotten")}</span>}</span>
      </div>
      {one.provider && (
        <div className="min-w-0 text-[0.95rem] max-lg:col-start-1">
          <span className="wrap-anywhere">
            <strong>{one.provider}</strong> {one.model}
          </span>
          <span className="block text-sm text-muted">{t("transcripts.tokens", tokens)}</span>
        </div>
      )}
      <div className="col-start-2 row-span-3 row-start-1 grid justify-items-end gap-2 lg:col-start-4 lg:row-span-1">
        {one.status && one.status !== "ok" && <Badge tone="signal">{outcomeName(one.status)}</Badge>}
        <Opener one={one} name={name} when={when} />
      </div>
    </li>
  );
}

function Opener({ one, name, when }: { one: Transcript; name: string; when: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Modal
      wide
      title={name}
      description={when}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button type="button" className="btn" aria-label={t("transcripts.openOf", { name, when })}>
          <Icon name="eye" />
          {t("transcripts.open")}
        </button>
      }
    >
      {open && <Said id={one.id} />}
    </Modal>
  );
}

/** What was said. It is fetched when it is opened, which is written down, and forgotten when it is closed. */
function Said({ id }: { id: string }) {
  const { t } = useTranslation();
  const said = useQuery(transcriptQuery(id));
  return (
    <Loaded query={said} waiting={t("transcripts.opening")}>
      {({ question, answer, cut }) => (
        <>
          <ol className="grid gap-4">
            {question.map((turn, i) => (
              <Spoken key={i} turn={turn} />
            ))}
            {answer ? <Spoken turn={answer} last /> : <li className="font-semibold text-muted">{t("transcripts.unanswered")}</li>}
          </ol>
          {cut && <p className="mt-4 text-muted">{t("transcripts.cut")}</p>}
          <p role="status" className="mt-5 border-t border-line pt-3 text-sm text-muted">
            {t("transcripts.logged")}
          </p>
        </>
      )}
    </Loaded>
  );
}

function Spoken({ turn, last = false }: { turn: Turn; last?: boolean }) {
  const { t } = useTranslation();
  const speaker = t(`transcripts.speakers.${turn.speaker}`);
  const words = (
    <>
      {turn.text && <p className="whitespace-pre-wrap wrap-anywhere">{turn.text}</p>}
      {turn.attachments > 0 && <p className="text-sm text-muted">{t("transcripts.attachments", { count: turn.attachments })}</p>}
    </>
  );
  // Instructions are long, and the same for many questions.
  if (turn.speaker === "system")
    return (
      <li>
        <details className="rounded-lg border-[1.5px] border-line px-4">
          <summary className="min-h-11 cursor-pointer py-2 font-bold">{speaker}</summary>
          <div className="pb-3 text-[0.95rem]">{words}</div>
        </details>
      </li>
    );
  return (
    <li className={`rounded-lg px-4 py-3 ${last ? "bg-accent-soft" : turn.speaker === "user" ? "bg-sunken" : "border-[1.5px] border-line"}`}>
      <h3 className="eyebrow mb-1">{speaker}</h3>
      {words}
    </li>
  );
}
