import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { classesKey, classesQuery, makeClass } from "@/api/school";
import { printedCode } from "@/features/class-door/code";
import { FormFailure, SendButton, TextField } from "@/ui/form/fields";
import { useForm } from "@/ui/form/use-form";
import { Icon } from "@/ui/icons";
import { Loaded } from "@/ui/loaded";
import { PageHead } from "@/ui/page";
import { PictureDrawing } from "@/ui/pictures";

/** The classes whose children sign in with a code. */
export function Classes() {
  const { t } = useTranslation();
  const classes = useInfiniteQuery(classesQuery);
  const rooms = classes.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHead title={t("school.classes")} lead={t("classes.lead")} />
      <NewClass />
      <Loaded query={{ ...classes, data: rooms }} waiting={t("classes.looking")}>
        {(list) =>
          list.length === 0 ? (
            <div className="flex items-center gap-4 text-muted">
              <PictureDrawing name="owl" className="size-14" />
              <p>{t("classes.none")}</p>
            </div>
          ) : (
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-4">
              {list.map((room) => (
                <li key={room.id}>
                  <Link to="/school/classes/$id" params={{ id: room.id }} className="card group grid h-full content-between gap-5 p-5 hover:border-ink">
                    <span className="display text-2xl wrap-anywhere group-hover:underline">{room.name}</span>
                    <span className="flex items-end justify-between gap-3">
                      <span className="text-muted">{t("classes.count", { count: room.member_count })}</span>
                      <span className="nums rounded-md bg-sunken px-2.5 py-1 font-bold tracking-widest">{printedCode(room.code)}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {classes.hasNextPage && (
        <button type="button" className="btn mt-4" disabled={classes.isFetchingNextPage} onClick={() => void classes.fetchNextPage()}>
          {t("school.more")}
        </button>
      )}
    </>
  );
}

function NewClass() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { text, form, failure, busy } = useForm({
    initial: { name: "" },
    check: ({ name }) => (name.trim() ? {} : { name: t("form.nameNeeded") }),
    submit: async ({ name }) => {
      const made = await makeClass(name.trim());
      await queries.invalidateQueries({ queryKey: classesKey });
      await navigate({ to: "/school/classes/$id", params: { id: made.id } });
    },
  });
  return (
    <form {...form} className="mb-8 grid max-w-2xl gap-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-start">
      <TextField {...text("name")} label={t("classes.new")} placeholder={t("classes.newExample")} maxLength={100} autoComplete="off" />
      <SendButton busy={busy} className="sm:mt-6.5">
        <Icon name="plus" />
        {t("classes.make")}
      </SendButton>
      <div className="empty:hidden sm:col-span-2">
        <FormFailure text={failure} />
      </div>
    </form>
  );
}
