import { Modal, Switch } from "@heroui/react";
import { useTranslation } from "react-i18next";
import { allCommands, type Command, commandGroups, useCommandStore } from "@/ui/commands";
import { KeyHint } from "@/ui/KeyHint";
import { usePrefs } from "@/ui/prefs";
import { useLayout } from "./layout";

/** Every command that has keys, and the switch for those without Ctrl or Cmd. */
export default function ShortcutList() {
  const { t } = useTranslation("shell");
  const set = useLayout((layout) => layout.set);
  const sets = useCommandStore((state) => state.sets);
  const commands = allCommands(sets).filter(({ keys }) => keys !== undefined);
  return (
    <Modal.Backdrop isOpen onOpenChange={() => set({ isShortcutListOpen: false })}>
      <Modal.Container size="md" scroll="inside">
        <Modal.Dialog>
          <Modal.CloseTrigger />
          <Modal.Header>
            <Modal.Heading className="text-lg font-semibold">{t("keyboardShortcuts")}</Modal.Heading>
          </Modal.Header>
          <Modal.Body className="mt-4 flex flex-col gap-5 text-foreground">
            {commandGroups.map((group) => (
              <Group key={group} title={t(`groups.${group}`)} commands={commands.filter((command) => command.group === group)} />
            ))}
            <SingleKeys />
          </Modal.Body>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}

function Group({ title, commands }: { title: string; commands: Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section>
      <h3 className="pb-1 font-sans text-xs tracking-normal text-muted">{title}</h3>
      <dl className="divide-y divide-separator">
        {commands.map(({ id, title: name, keys }) => (
          <div key={id} className="flex items-center justify-between gap-4 py-1.5">
            <dt>{name}</dt>
            <dd>{keys ? <KeyHint keys={keys} /> : null}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function SingleKeys() {
  const { t } = useTranslation("shell");
  const { singleKeys, setSingleKeys } = usePrefs();
  return (
    <Switch isSelected={singleKeys} onChange={setSingleKeys} className="border-t border-border pt-4">
      <Switch.Content>
        <Switch.Control>
          <Switch.Thumb />
        </Switch.Control>
        <span>
          <span className="block">{t("singleKeys")}</span>
          <span className="block font-normal text-muted">{t("singleKeysText")}</span>
        </span>
      </Switch.Content>
    </Switch>
  );
}
