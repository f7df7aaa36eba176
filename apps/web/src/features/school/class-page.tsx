import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClassMember, SchoolClass } from "@/api/account-types";
import { type Secret, addMembers, changeMember, classQuery, classesKey, deleteClass, newClassCode, removeMember } from "@/api/school";
import { useProblemText } from "@/api/problem-text";
import { printedCode } from "@/features/class-door/code";
import { Ask } from "@/ui/ask";
import { Choice } from "@/ui/choice";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { Block, PageHead } from "@/ui/page";
import { useToasts } from "@/ui/toasts";
import { ClassAge } from "./class-age";
import { ClassCards } from "./class-cards";
import { drawSecret, readNicknames } from "./secrets";

/** The secrets that were drawn on this visit, by nickname: the program keeps none that could be read again. */
type Drawn = Readonly<Record<string, Secret>>;

/** One class: its code, its children, and the cards with which they come in. */
export function ClassPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/school/classes/$id" });
  const room = useQuery(classQuery(id));
  return (
    <Loaded query={room} waiting={t("classes.looking")}>
      {(data) => <Room room={data} />}
    </Loaded>
  );
}

function Room({ room }: { room: SchoolClass }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToasts((state) => state.add);
  const [drawn, setDrawn] = useState<Drawn>({});
  const refresh = () => queries.invalidateQueries({ queryKey: classesKey });
  const members = room.members ?? [];
  return (
    <>
      <div className="no-print">
        <PageHead title={room.name}>
          <button type="button" className="btn btn-solid" disabled={members.length === 0} onClick={() => window.print()}>
            <Icon name="print" />
            {t("classes.print")}
          </button>
          <Ask
            title={t("classes.deleteTitle", { name: room.name })}
            text={t("classes.deleteText", { count: members.length })}
            action={t("classes.delete")}
            danger
            run={async () => {
              await deleteClass(room.id);
              await navigate({ to: "/school/classes" });
              queries.removeQueries({ queryKey: classQuery(room.id).queryKey });
              await refresh();
            }}
            trigger={
              <button type="button" className="btn btn-icon btn-danger" aria-label={t("classes.delete")}>
                <Icon name="trash" />
              </button>
            }
          />
        </PageHead>
        <div className="mb-10 flex flex-wrap items-center gap-x-8 gap-y-4 rounded-xl border-2 border-ink bg-surface p-5 shadow-sleeve">
          <div>
            <p className="eyebrow">{t("classes.code")}</p>
            <p className="display nums text-[clamp(2rem,7vw,3.6rem)] leading-none tracking-[0.1em]">{printedCode(room.code)}</p>
          </div>
          <p className="min-w-0 max-w-[34ch] text-muted wrap-anywhere">{t("classes.codeHint", { address: `${location.host}/class` })}</p>
          <Ask
            title={t("classes.newCode")}
            text={t("classes.newCodeText")}
            action={t("classes.newCode")}
            run={async () => {
              await newClassCode(room.id);
              toast({ text: t("classes.newCodeDone"), life: 6000 });
              await refresh();
            }}
            trigger={
              <button type="button" className="btn ml-auto">
                <Icon name="loop" />
                {t("classes.newCode")}
              </button>
            }
          />
        </div>
        <Block title={t("classes.members", { count: members.length })} lead={t("classes.membersLead")}>
          {members.length > 0 && (
            <ul className="mb-6 max-w-3xl divide-y divide-line border-y border-line">
              {members.map((member) => (
                <Member key={member.user_id} room={room} member={member} drawn={drawn[member.nickname]} onDrawn={(secret) => setDrawn((before) => ({ ...before, [member.nickname]: secret }))} />
              ))}
            </ul>
          )}
          <div className="mb-6">
            <ClassAge room={room} />
          </div>
          <AddMembers room={room} onDrawn={(more) => setDrawn((before) => ({ ...before, ...more }))} />
        </Block>
        <Link to="/school/classes" className="link inline-flex min-h-11 items-center">
          {t("classes.all")}
        </Link>
      </div>
      <ClassCards room={room} drawn={drawn} />
    </>
  );
}

interface MemberProps {
  room: SchoolClass;
  member: ClassMember;
  drawn: Secret | undefined;
  onDrawn: (secret: Secret) => void;
}

function Member({ room, member, drawn, onDrawn }: MemberProps) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const redraw = async () => {
    const secret = drawSecret(member.method);
    try {
      await changeMember(room.id, member.user_id, secret);
      onDrawn(secret);
      toast({ text: t("classes.redrawn", { name: member.nickname }) });
    } catch (error) {
      toast({ text: explain(error) });
    }
  };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-x-2 py-2">
      <div className="grid gap-x-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center sm:pr-2">
        <strong className="text-lg leading-tight wrap-anywhere">{member.nickname}</strong>
        <span className={drawn ? "nums font-semibold" : "text-sm text-muted"}>
          {drawn ? ("pin" in drawn ? drawn.pin : drawn.pictures.map((picture) => t(`pictures.${picture}` as "pictures.cat")).join(" · ")) : t(`classes.methods.${member.method}`)}
        </span>
      </div>
      <button type="button" className="btn" aria-label={t("classes.redrawOf", { name: member.nickname })} onClick={() => void redraw()}>
        {t("classes.redraw")}
      </button>
      <Ask
        title={t("classes.removeTitle", { name: member.nickname })}
        text={t("classes.removeText")}
        action={t("form.remove")}
        danger
        run={async () => {
          await removeMember(room.id, member.user_id);
          await queries.invalidateQueries({ queryKey: classesKey });
        }}
        trigger={
          <button type="button" className="btn btn-icon btn-danger" aria-label={t("classes.removeTitle", { name: member.nickname })}>
            <Icon name="trash" />
          </button>
        }
      />
    </li>
  );
}

function AddMembers({ room, onDrawn }: { room: SchoolClass; onDrawn: (drawn: Drawn) => void }) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const [text, setText] = useState("");
  const [method, setMethod] = useState<"picture" | "pin">("picture");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const names = readNicknames(text);
  const add = async () => {
    setBusy(true);
    setFailure(undefined);
    const drawn = Object.fromEntries(names.map((nickname) => [nickname, drawSecret(method)]));
    try {
      await addMembers(
        room.id,
        Object.entries(drawn).map(([nickname, secret]) => ({ nickname, ...secret })),
      );
      onDrawn(drawn);
      setText("");
      toast({ text: t("classes.added", { count: names.length }), action: { label: t("classes.print"), run: () => window.print() } });
      await queries.invalidateQueries({ queryKey: classesKey });
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="grid max-w-3xl gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (names.length > 0 && !busy) void add();
      }}
    >
      <label className="grid gap-1">
        <span className="font-bold">{t("classes.add")}</span>
        <textarea className="field resize-y" rows={4} value={text} placeholder={t("classes.addExample")} onChange={(event) => setText(event.target.value)} />
        <span className="text-sm text-muted">{t("classes.addHint")}</span>
      </label>
      <FormFailure text={failure} />
      <div className="flex flex-wrap items-center gap-3">
        <Choice label={t("classes.method")} value={method} options={(["picture", "pin"] as const).map((value) => ({ value, label: t(`classes.methods.${value}`) }))} onChange={setMethod} />
        <button type="submit" className="btn btn-solid" disabled={names.length === 0 || busy}>
          <Icon name="plus" />
          {t("classes.addCount", { count: names.length })}
        </button>
      </div>
    </form>
  );
}
