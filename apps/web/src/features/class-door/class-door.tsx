import "@/i18n/people";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { classDoor, signInToClass } from "@/api/account";
import type { ClassDoor as Door } from "@/api/account-types";
import { everybodys } from "@/api/everybodys";
import { useProblemText } from "@/api/problem-text";
import { Problem } from "@/api/problem";
import { keeper } from "@/session/session";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { CodeField } from "./code-field";
import { PicturePad } from "./picture-pad";
import { PinPad } from "./pin-pad";
import { cleanCode } from "./code";

/** How children come in: the code of the class, the own name among the others, and a secret that needs no letters. */
export function ClassDoor() {
  const { t } = useTranslation();
  const { code: given } = useSearch({ from: "/class" });
  const code = cleanCode(given ?? "");
  const navigate = useNavigate();
  const explain = useProblemText();
  const door = useQuery({ queryKey: ["class-door", code], meta: everybodys, queryFn: () => classDoor(code), enabled: code !== "", retry: false, staleTime: 60_000 });
  useEffect(() => {
    document.title = `${t("classDoor.title")} · EduAI`;
  }, [t]);
  return (
    <div className="mx-auto w-full max-w-[60rem] flex-1 px-4 pb-16 pt-2 sm:px-8 lg:pt-10">
      {code !== "" && door.data ? (
        <Inside key={code} code={code} door={door.data} />
      ) : (
        <CodeField
          key={code}
          initial={code}
          busy={door.isFetching}
          failure={door.error ? explain(door.error) : undefined}
          onCode={(next) => (next === code ? void door.refetch() : void navigate({ to: "/class", search: { code: next } }))}
        />
      )}
    </div>
  );
}

function Inside({ code, door }: { code: string; door: Door }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const navigate = useNavigate();
  const [nickname, setNickname] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  // Grows with each try, so that a pad begins again empty.
  const [tries, setTries] = useState(0);
  const member = door.members.find((known) => known.nickname === nickname);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [nickname]);

  const enter = async (secret: { pin: string } | { pictures: string[] }) => {
    if (!member) return;
    setBusy(true);
    setFailure(undefined);
    try {
      keeper.adopt(await signInToClass({ code, nickname: member.nickname, ...secret }));
      await navigate({ to: "/" });
    } catch (error) {
      const wrong = error instanceof Problem && error.status === 401;
      setFailure(wrong ? t("classDoor.wrong") : explain(error));
      setTries((before) => before + 1);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="grid gap-6">
      <div className="flex items-center gap-3">
        {member ? (
          <button
            type="button"
            className="btn btn-icon"
            aria-label={t("classDoor.otherName")}
            onClick={() => {
              setNickname(undefined);
              setFailure(undefined);
            }}
          >
            <Icon name="back" />
          </button>
        ) : (
          <Link to="/class" className="btn btn-icon" aria-label={t("classDoor.otherCode")}>
            <Icon name="back" />
          </Link>
        )}
        <p className="min-w-0 leading-tight text-muted">
          <strong className="block text-lg text-ink wrap-anywhere">{door.class_name}</strong>
          {door.institution_name}
        </p>
      </div>
      <h1 className="text-[clamp(2.1rem,1.6rem+2.4vw,3.6rem)] font-black wrap-anywhere">{member ? t("classDoor.hello", { name: member.nickname }) : t("classDoor.whoAreYou")}</h1>
      {!member && door.members.length === 0 && <p className="text-lg">{t("classDoor.nobody")}</p>}
      {!member && (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,11rem),1fr))] gap-3">
          {door.members.map((known) => (
            <li key={known.nickname}>
              <button type="button" className="btn min-h-16 w-full border-2 px-4 text-xl wrap-anywhere" onClick={() => setNickname(known.nickname)}>
                {known.nickname}
              </button>
            </li>
          ))}
        </ul>
      )}
      {member && (
        <div className="grid max-w-[34rem] gap-4">
          <FormFailure text={failure} />
          {member.method === "pin" ? (
            <PinPad key={tries} busy={busy} onPin={(pin) => void enter({ pin })} />
          ) : (
            <PicturePad key={tries} busy={busy} onPictures={(pictures) => void enter({ pictures })} />
          )}
          <p className="text-muted">{t("classDoor.forgot")}</p>
        </div>
      )}
    </div>
  );
}
