import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { Icon } from "./icons";

/** A note at the foot of the page, with at most one thing to do about it. */
export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
  /** Milliseconds that it stays. */
  life: number;
}

interface Toasts {
  toasts: Toast[];
  add: (toast: Omit<Toast, "id" | "life"> & { life?: number }) => number;
  remove: (id: number) => void;
}

let next = 1;

export const useToasts = create<Toasts>()((set) => ({
  toasts: [],
  add: (toast) => {
    const id = next++;
    set((state) => ({ toasts: [...state.toasts, { life: 10_000, ...toast, id }] }));
    return id;
  },
  remove: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
}));

function ToastCard({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const remove = useToasts((state) => state.remove);
  useEffect(() => {
    const timer = setTimeout(() => remove(toast.id), toast.life);
    return () => clearTimeout(timer);
  }, [toast, remove]);
  return (
    <li className="pointer-events-auto flex max-w-full items-center gap-2 rounded-xl bg-ink py-1.5 pl-4 pr-1.5 text-paper shadow-sleeve">
      <span className="mr-2">{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className="min-h-11 rounded-lg px-3 font-bold underline underline-offset-4"
          onClick={() => {
            toast.action?.run();
            remove(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button type="button" className="grid size-11 place-items-center rounded-lg" aria-label={t("app.close")} onClick={() => remove(toast.id)}>
        <Icon name="close" className="size-4" />
      </button>
    </li>
  );
}

/** The shelf for toasts: a polite live region, so that a screen reader tells them without interrupting. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <ol aria-live="polite" className="no-print pointer-events-none fixed inset-x-3 bottom-[calc(var(--foot,0px)+0.75rem)] z-50 flex flex-col items-center gap-2">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </ol>
  );
}
