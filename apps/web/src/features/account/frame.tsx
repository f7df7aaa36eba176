import "@/i18n/people";
import { type ReactNode, useEffect } from "react";
import { Groove, GrooveBand } from "@/features/home/groove";

interface FrameProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  /** What stands under the card: other ways to go. */
  after?: ReactNode;
  spinning?: boolean;
}

/** The page of somebody who is not inside yet: a headline, one card, and the record that hangs on it. */
export function Frame({ title, lead, children, after, spinning = false }: FrameProps) {
  useEffect(() => {
    document.title = `${title} · EduAI`;
  }, [title]);
  return (
    <div className="flex-1 overflow-x-clip">
      <div className="lg:hidden">
        <GrooveBand spinning={spinning} />
      </div>
      <div className="mx-auto w-full max-w-[92rem] px-4 pb-16 pt-4 sm:px-8 lg:pt-[clamp(1rem,6vh,5rem)]">
        <h1 className="max-w-[16ch] text-[clamp(2.1rem,1.5rem+2.4vw,3.6rem)] font-black leading-[1.02]">{title}</h1>
        {lead && <div className="mt-3 max-w-[46ch] text-lg text-muted">{lead}</div>}
        <div className="relative mt-6 max-w-[34rem]">
          <div className="absolute left-full top-8 -z-10 h-[clamp(18rem,30vw,28rem)] max-lg:hidden">
            <Groove spinning={spinning} hanging />
          </div>
          <div className="rounded-xl border-2 border-ink bg-surface p-4 shadow-sleeve sm:p-7">{children}</div>
        </div>
        {after && <div className="mt-5 flex max-w-[34rem] flex-wrap items-center gap-x-6 gap-y-1">{after}</div>}
      </div>
    </div>
  );
}
