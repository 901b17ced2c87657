import { Header, Label, Modal, SearchField } from "@heroui/react";
import { useMemo } from "react";
import { Autocomplete, Menu, MenuItem, MenuSection, useFilter } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { allCommands, type Command, commandGroups, useCommandStore } from "@/ui/commands";
import { KeyHint } from "@/ui/KeyHint";
import { useLayout } from "./layout";

/** Everything that can be done here, by typing a part of its name. */
export default function Palette() {
  const { t } = useTranslation("shell");
  const set = useLayout((layout) => layout.set);
  const { contains } = useFilter({ sensitivity: "base" });
  const sets = useCommandStore((state) => state.sets);
  const commands = useMemo(() => allCommands(sets).filter(({ id }) => id !== "shell.palette"), [sets]);
  const close = () => set({ isPaletteOpen: false });
  const run = (id: string) => {
    close();
    commands.find((command) => command.id === id)?.run();
  };
  return (
    <Modal.Backdrop isOpen onOpenChange={close}>
      <Modal.Container placement="top" size="lg" className="sm:pt-[12vh]">
        <Modal.Dialog aria-label={t("commands")} className="gap-0 overflow-hidden p-0">
          <Autocomplete filter={contains}>
            <SearchField autoFocus fullWidth aria-label={t("paletteHint")} className="border-b border-border">
              <SearchField.Group className="h-13 rounded-none border-0 bg-transparent px-2 shadow-none data-focus-within:ring-0">
                <SearchField.SearchIcon />
                <SearchField.Input placeholder={t("paletteHint")} className="text-base" />
              </SearchField.Group>
            </SearchField>
            {/* The focus stays in the field; whoever wants to scroll by keys can reach the list itself. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable */}
            <section aria-label={t("commands")} tabIndex={0} className="max-h-[min(26rem,60dvh)] overflow-y-auto">
              <Menu
                aria-label={t("commands")}
                className="p-2 outline-none"
                onAction={(key) => run(String(key))}
                renderEmptyState={() => <p className="px-3 py-8 text-center text-muted">{t("noCommand")}</p>}
              >
                {commandGroups.map((group) => (
                  <Group key={group} title={t(`groups.${group}`)} commands={commands.filter((command) => command.group === group)} />
                ))}
              </Menu>
            </section>
          </Autocomplete>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}

function Group({ title, commands }: { title: string; commands: Command[] }) {
  if (commands.length === 0) return null;
  return (
    <MenuSection className="pb-1">
      <Header className="px-2.5 pt-2 pb-1 text-xs text-muted">{title}</Header>
      {commands.map(({ id, title: name, icon: Icon, keys, words }) => (
        <MenuItem
          key={id}
          id={id}
          textValue={`${name} ${words ?? ""}`}
          className="flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-2.5 text-sm text-foreground outline-none data-focused:bg-default pointer-coarse:min-h-11"
        >
          {Icon ? <Icon aria-hidden size={16} className="text-muted" /> : null}
          <Label className="flex-1 cursor-[inherit] font-normal">{name}</Label>
          {keys ? <KeyHint keys={keys} /> : null}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
