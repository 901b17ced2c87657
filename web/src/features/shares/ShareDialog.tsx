import { Button, Description, Label, Modal, Radio, RadioGroup, Switch } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShareKind } from "@/api/types";
import { CopyField } from "@/ui/CopyField";
import { FormAlert } from "@/ui/FormAlert";
import { problemText } from "@/ui/problemText";
import { Segmented } from "@/ui/Segmented";
import { SubmitButton } from "@/ui/SubmitButton";
import { ShareList } from "./parts/ShareList";
import { chatSharesQuery, useCreateShare } from "./queries";

const kinds = ["snapshot", "live"] as const satisfies ShareKind[];
const lifetimes = ["never", "1", "7", "30"] as const;
type Lifetime = (typeof lifetimes)[number];

/** Makes links to a chat for people without an account here, and takes them back. */
export default function ShareDialog({ chatId, title, onClose }: { chatId: string; title: string; onClose: () => void }) {
  const { t } = useTranslation("shares");
  const { data: shares = [] } = useQuery(chatSharesQuery(chatId));
  const creation = useCreateShare(chatId);
  const [kind, setKind] = useState<ShareKind>("snapshot");
  const [lifetime, setLifetime] = useState<Lifetime>("never");
  const [showsReasoning, setShowsReasoning] = useState(false);
  const create = () => creation.mutate({ kind, days: lifetime === "never" ? null : Number(lifetime), showsReasoning });
  const others = shares.filter(({ id }) => id !== creation.data?.id);
  return (
    <Modal.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Container scroll="outside">
        <Modal.Dialog className="sm:max-w-lg">
          <Modal.CloseTrigger aria-label={t("close", { ns: "common" })} />
          <Modal.Header className="pe-8">
            <Modal.Heading className="text-lg font-semibold break-words">{t("title", { title })}</Modal.Heading>
            <p className="mt-1 text-sm text-muted">{t("text")}</p>
          </Modal.Header>
          <Modal.Body className="mt-5 flex flex-col gap-5">
            <form
              className="flex flex-col gap-5"
              onSubmit={(event) => {
                event.preventDefault();
                create();
              }}
            >
              <FormAlert text={creation.error ? problemText(creation.error) : null} />
              <RadioGroup aria-label={t("kind")} value={kind} onChange={(value) => setKind(value === "live" ? "live" : "snapshot")} className="gap-3">
                {kinds.map((value) => (
                  <Radio key={value} value={value} className="mt-0">
                    <Radio.Content>
                      <Radio.Control>
                        <Radio.Indicator />
                      </Radio.Control>
                      <Label>{t(`kinds.${value}.label`)}</Label>
                    </Radio.Content>
                    <Description>{t(`kinds.${value}.text`)}</Description>
                  </Radio>
                ))}
              </RadioGroup>
              <Segmented
                label={t("lifetime")}
                isLabelShown
                value={lifetime}
                options={lifetimes.map((value) => ({ value, label: value === "never" ? t("never") : t("days", { count: Number(value) }) }))}
                onChange={setLifetime}
              />
              <Switch isSelected={showsReasoning} onChange={setShowsReasoning}>
                <Switch.Content>
                  <Switch.Control>
                    <Switch.Thumb />
                  </Switch.Control>
                  <Label>{t("showsReasoning")}</Label>
                </Switch.Content>
              </Switch>
              <SubmitButton className="self-start" isPending={creation.isPending}>
                {t("create")}
              </SubmitButton>
            </form>
            <div aria-live="polite" className="empty:hidden">
              {creation.data ? <CopyField label={t("newLink")} value={creation.data.url} copyLabel={t("copyLink")} /> : null}
            </div>
            {others.length > 0 ? (
              <section aria-label={t("existing")} className="flex flex-col gap-2">
                <h3 className="font-sans text-sm font-medium tracking-normal">{t("existing")}</h3>
                <ShareList shares={others} />
              </section>
            ) : null}
          </Modal.Body>
          <Modal.Footer className="mt-6">
            <Button variant="tertiary" onPress={onClose}>
              {t("close", { ns: "common" })}
            </Button>
          </Modal.Footer>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}
