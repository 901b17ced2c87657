import { Button } from "@heroui/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Params } from "@/api/types";
import { areEqual, fromForm, toForm } from "./params";
import ParamsFields from "./parts/ParamsFields";

interface DefaultParamsProps {
  params: Params;
  isSaving: boolean;
  onSave: (params: Params) => void;
}

/** The parameters that new chats begin with, as a form of its own. */
export function DefaultParams({ params, isSaving, onSave }: DefaultParamsProps) {
  const { t } = useTranslation("chats");
  const [form, setForm] = useState(() => toForm(params));
  const next = fromForm(form);
  const isNew = next !== null && !areEqual(next, params);
  const isEmpty = Object.values(form).every((value) => value === "");
  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNew) onSave(next);
      }}
    >
      <ParamsFields form={form} onChange={setForm} isTitled={false} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" isPending={isSaving} isDisabled={!isNew}>
          {t("save", { ns: "common" })}
        </Button>
        <Button variant="ghost" isDisabled={isEmpty} onPress={() => setForm(toForm({}))}>
          {t("params.reset")}
        </Button>
      </div>
    </form>
  );
}
