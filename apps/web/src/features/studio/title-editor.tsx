import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeMashup } from "@/api/mashups";
import { useProblemText } from "@/api/problem-text";
import { mashupKey } from "@/api/queries";
import { useSettings } from "@/lib/settings";
import { Icon } from "@/ui/icons";
import { useStudio } from "./state";

/** The title, which becomes a field when its owner wants to change it, and says when it was saved. */
export function TitleEditor() {
  const { t } = useTranslation();
  const explain = useProblemText();
  const language = useSettings((state) => state.language);
  const mashup = useStudio((state) => state.mashup);
  const queries = useQueryClient();
  const [draft, setDraft] = useState<string>();
  const save = useMutation({
    mutationFn: (title: string) => changeMashup(mashup, { title }),
    onSuccess: (saved) => {
      queries.setQueryData(mashupKey(saved.id), saved);
      void queries.invalidateQueries({ queryKey: ["mashups"] });
      setDraft(undefined);
    },
    // Another window may have changed the piece: with what it is now, the next try can succeed.
    onError: () => void queries.invalidateQueries({ queryKey: mashupKey(mashup.id) }),
  });
  const submit = () => {
    const title = draft?.trim() ?? "";
    if (title === "" || title === mashup.title) setDraft(undefined);
    else save.mutate(title);
  };

  if (draft === undefined) {
    return (
      <div className="flex items-center gap-1">
        <h1 className="line-clamp-2 min-w-0 pb-1 text-[clamp(1.6rem,1.2rem+1.2vw,2.4rem)] font-black" title={mashup.title}>
          {mashup.title}
        </h1>
        {mashup.own && (
          <button type="button" className="btn btn-quiet btn-icon" aria-label={t("piece.rename")} onClick={() => setDraft(mashup.title)}>
            <Icon name="pencil" className="size-4" />
          </button>
        )}
        {save.isSuccess && (
          <span role="status" className="text-sm text-muted max-sm:sr-only">
            {t("piece.savedAt", { time: new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(save.submittedAt) })}
          </span>
        )}
      </div>
    );
  }
  return (
    <form
      className="flex flex-wrap items-center gap-2 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        className="field display max-w-xl text-2xl"
        aria-label={t("piece.title")}
        maxLength={200}
        value={draft}
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setDraft(undefined)}
      />
      <button type="submit" className="btn btn-solid" disabled={save.isPending}>
        {save.isPending ? t("piece.saving") : t("piece.save")}
      </button>
      {save.error && (
        <span role="alert" className="text-bad">
          {t("piece.saveFailed", { message: explain(save.error) })}
        </span>
      )}
    </form>
  );
}
