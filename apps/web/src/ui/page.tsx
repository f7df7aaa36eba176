import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { Icon, type IconName } from "./icons";

export interface PageLink {
  to: NonNullable<LinkProps["to"]>;
  label: string;
  icon: IconName;
  /** Whether only this very address counts as being there. */
  exact?: boolean;
}

const LINK =
  "flex min-h-11 items-center gap-3 whitespace-nowrap rounded-lg px-3 font-semibold hover:bg-sunken data-[status=active]:bg-ink data-[status=active]:text-paper";

interface SectionedProps {
  title: string;
  links: readonly PageLink[];
  children: ReactNode;
}

/** Pages that belong together: their names beside them, or, on a phone, in a row above that scrolls. */
export function Sectioned({ title, links, children }: SectionedProps) {
  const { pathname } = useLocation();
  const row = useRef<HTMLUListElement>(null);
  // On a phone the page's own name may be outside of the row: it is brought in, without moving the page.
  useEffect(() => {
    const here = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (row.current && here) row.current.scrollLeft = here.offsetLeft - (row.current.clientWidth - here.offsetWidth) / 2;
  }, [pathname]);
  return (
    <div className="mx-auto grid w-full max-w-[92rem] flex-1 grid-cols-[minmax(0,1fr)] content-start gap-x-10 gap-y-4 px-4 pb-20 pt-2 sm:px-8 lg:grid-cols-[15rem_minmax(0,1fr)] lg:pt-6">
      <nav aria-label={title} className="no-print min-w-0 lg:sticky lg:top-6 lg:self-start">
        <p className="eyebrow px-3 pb-2 max-lg:hidden">{title}</p>
        <ul ref={row} className="relative flex gap-1 overflow-x-auto max-lg:-mx-4 max-lg:px-4 max-lg:py-1 lg:grid">
          {links.map((link) => (
            <li key={link.to}>
              <Link to={link.to} activeOptions={{ exact: link.exact ?? false }} className={LINK}>
                <Icon name={link.icon} />
                {link.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0">{children}</div>
    </div>
  );
}

/** The head of such a page. */
export function PageHead({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · EduAI`;
  }, [title]);
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div>
        <h1 className="text-[clamp(1.9rem,1.4rem+1.6vw,2.9rem)] font-black">{title}</h1>
        {lead && <div className="mt-2 max-w-[60ch] text-lg text-muted">{lead}</div>}
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </div>
  );
}

/** A part of a page under a strong line. */
export function Block({ title, lead, children, id }: { title: string; lead?: ReactNode; children: ReactNode; id?: string }) {
  return (
    <section id={id} className="mb-10 border-t-2 border-ink pt-3">
      <h2 className="text-2xl">{title}</h2>
      {lead && <p className="mt-1 max-w-[65ch] text-muted">{lead}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}

const TONES = {
  plain: "border-edge text-ink",
  good: "border-good bg-good-soft text-good",
  signal: "border-signal bg-signal-soft text-signal",
  bad: "border-bad bg-bad-soft text-bad",
  accent: "border-accent bg-accent-soft text-accent",
} as const;
export type Tone = keyof typeof TONES;

/** A state in a word. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`inline-flex items-center whitespace-nowrap rounded-full border-[1.5px] px-2.5 py-0.5 text-sm font-semibold leading-tight ${TONES[tone]}`}>{children}</span>;
}
