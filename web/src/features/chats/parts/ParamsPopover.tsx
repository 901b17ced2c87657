import { Button, Popover } from "@heroui/react";
import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Params } from "@/api/types";
import { areEqual, fromForm, isChanged, type ParamsForm, toForm } from "@/features/chats/params";

const ParamsFields = lazy(() => import("./ParamsFields"));

interface ParamsPopoverProps {
  params: Params;
  /** Called with the new parameters when the panel closes and they are right and other than before. */
  onChange: (params: Params) => void;
}

/** What may be asked of the model beside the question; empty fields leave it to the model. */
export function ParamsPopover({ params, onChange }: ParamsPopoverProps) {
  const { t } = useTranslation("chats");
  const [form, setForm] = useState<ParamsForm | null>(null);
  const set = isChanged(params);
  const toggle = (isOpen: boolean) => {
    if (isOpen) {
      setForm(toForm(params));
      return;
    }
    const next = form && fromForm(form);
    if (next && !areEqual(next, params)) onChange(next);
    setForm(null);
  };
  return (
    <Popover isOpen={form !== null} onOpenChange={toggle}>
      <Button isIconOnly variant="ghost" aria-label={t(set ? "params.openChanged" : "params.open")} className="relative shrink-0 text-muted">
        <SlidersHorizontal aria-hidden size={17} />
        {set ? <span className="absolute end-1.5 top-1.5 size-2 rounded-full bg-accent" /> : null}
      </Button>
      <Popover.Content placement="top start" className="w-[min(27rem,calc(100vw-1rem))]">
        <Popover.Dialog className="max-h-[min(36rem,75dvh)] overflow-y-auto p-4" aria-label={t("params.title")}>
          <Suspense fallback={<div className="h-96" />}>{form ? <ParamsFields form={form} onChange={setForm} /> : null}</Suspense>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
