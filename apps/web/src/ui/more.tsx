import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

/** One thing that can be done from a menu. */
export interface MoreItem {
  label: string;
  run: () => void;
  danger?: boolean;
}

/** A menu of what can be done with one row. */
export function More({ label, items, trigger }: { label: string; items: readonly MoreItem[]; trigger: ReactNode }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="btn btn-icon" aria-label={label}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className="z-40 rounded-xl border border-line bg-surface p-1.5 shadow-sleeve">
          {items.map((item) => (
            <DropdownMenu.Item
              key={item.label}
              className={`flex min-h-11 cursor-pointer items-center rounded-lg px-3 outline-none ${item.danger ? "text-bad data-[highlighted]:bg-bad-soft" : "data-[highlighted]:bg-ink data-[highlighted]:text-paper"}`}
              onSelect={item.run}
            >
              {item.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
