import { Dropdown, Label } from "@heroui/react";
import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";

export interface MenuAct {
  id: string;
  label: string;
  icon: LucideIcon;
  isDanger?: boolean;
  isDisabled?: boolean;
  run: () => void;
}

interface IconMenuProps {
  label: string;
  icon: LucideIcon;
  acts: readonly MenuAct[];
  placement?: ComponentProps<typeof Dropdown.Popover>["placement"];
  className?: string;
}

const look = "grid size-8 shrink-0 place-items-center rounded-lg text-muted hover:bg-default hover:text-foreground data-pressed:transform-none pointer-coarse:size-11";

/** A small button that opens a menu. */
export function IconMenu({ label, icon: Icon, acts, placement = "bottom end", className = look }: IconMenuProps) {
  return (
    <Dropdown>
      <Dropdown.Trigger aria-label={label} className={className}>
        <Icon aria-hidden size={16} />
      </Dropdown.Trigger>
      <Dropdown.Popover placement={placement} className="min-w-52">
        <Dropdown.Menu
          aria-label={label}
          disabledKeys={acts.filter(({ isDisabled }) => isDisabled).map(({ id }) => id)}
          onAction={(key) => acts.find(({ id }) => id === key)?.run()}
        >
          {acts.map(MenuActItem)}
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}

export function MenuActItem({ id, icon: Icon, label, isDanger }: MenuAct) {
  return (
    <Dropdown.Item key={id} id={id} textValue={label} variant={isDanger ? "danger" : "default"}>
      <Icon aria-hidden size={16} className={isDanger ? "text-danger" : "text-muted"} />
      <Label>{label}</Label>
    </Dropdown.Item>
  );
}
