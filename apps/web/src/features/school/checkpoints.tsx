import { useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Checkpoint } from "@/api/account-types";
import { useProblemText } from "@/api/problem-text";
import { allCheckpoints } from "@/api/school";
import { keepFile } from "@/api/save";
import { FormFailure } from "@/ui/form/fields";
import { Icon } from "@/ui/icons";
import { useToasts } from "@/ui/toasts";

/** A checkpoint a line, as `eduai audit checkpoint` writes them, so that either verifies what the other kept. */
const lines = (checkpoints: readonly Checkpoint[]) => checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join("");

/** The checkpoints of such a file. What else may stand in it, and whether they are genuine, the program says. */
export function readCheckpoints(text: string): Checkpoint[] {
  const found = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as unknown);
  if (found.length === 0 || found.some((row) => typeof row !== "object" || row === null || !("signature" in row))) throw new SyntaxError("no checkpoints");
  return found as Checkpoint[];
}

/** More than this is no file of checkpoints: one is half a kilobyte, and there is one a day. */
const LARGEST = 20_000_000;

interface CheckpointsProps {
  /** Verifies the log against checkpoints that were kept outside of the database. */
  onVerify: (checkpoints: Checkpoint[]) => void;
}

/** Takes the signed checkpoints out of the house, and holds the log against those that were taken before. */
export function Checkpoints({ onVerify }: CheckpointsProps) {
  const { t } = useTranslation();
  const explain = useProblemText();
  const queries = useQueryClient();
  const toast = useToasts((state) => state.add);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  const download = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const all = await allCheckpoints(queries);
      if (all.length === 0) toast({ text: t("audit.noCheckpoints") });
      else keepFile(new Blob([lines(all)], { type: "application/jsonl" }), "eduai-checkpoints.jsonl");
    } catch (error) {
      setFailure(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const field = event.target;
    const [file] = field.files ?? [];
    setFailure(undefined);
    if (!file) return;
    try {
      if (file.size > LARGEST) throw new SyntaxError("too large");
      onVerify(readCheckpoints(await file.text()));
    } catch {
      setFailure(t("audit.notCheckpoints"));
    } finally {
      // The same file may be chosen again.
      field.value = "";
    }
  };
  return (
    <details className="mb-8 rounded-xl border-[1.5px] border-line px-4 py-2">
      <summary className="min-h-11 cursor-pointer py-2 font-semibold">{t("audit.checkpoints")}</summary>
      <div className="grid gap-3 pb-3">
        <p className="max-w-[70ch] text-muted">{t("audit.checkpointsText")}</p>
        <div className="flex flex-wrap gap-3">
          <button type="button" className="btn" disabled={busy} onClick={() => void download()}>
            <Icon name="download" />
            {t("audit.download")}
          </button>
          <label className="btn cursor-pointer has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
            <Icon name="file" />
            {t("audit.compare")}
            <input type="file" className="sr-only" accept=".jsonl,.json,.txt" onChange={(event) => void choose(event)} />
          </label>
        </div>
        <FormFailure text={failure} />
      </div>
    </details>
  );
}
