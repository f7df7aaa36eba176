import type { AnchorHTMLAttributes } from "react";
import { BASE } from "@/api/client";
import { useProblemText } from "@/api/problem-text";
import { saveFile } from "@/api/save";
import { useSession } from "@/session/session";
import { useToasts } from "./toasts";

interface DownloadLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** Where the file is, under the API's root. */
  path: string;
}

/** A link to a file of the API: a visitor's browser fetches it by itself, for somebody signed in it is fetched with their token. */
export function DownloadLink({ path, onClick, ...rest }: DownloadLinkProps) {
  const explain = useProblemText();
  const toast = useToasts((state) => state.add);
  return (
    <a
      {...rest}
      href={`${BASE}${path}`}
      download
      onClick={(event) => {
        onClick?.(event);
        if (useSession.getState().phase === "visitor") return;
        event.preventDefault();
        saveFile(path, path.split("?")[0]?.split("/").pop() ?? "eduai").catch((error: unknown) => toast({ text: explain(error) }));
      }}
    />
  );
}
