import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import { applyProblem, useZodForm, z } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { notify } from "@/ui/notify";
import { SettingsSection } from "@/ui/SettingsSection";
import { SubmitButton } from "@/ui/SubmitButton";
import { TextAreaInput } from "@/ui/TextAreaInput";
import { TextInput } from "@/ui/TextInput";

const longestTitle = 200;
const longestDetail = 2_000;

/** An https address, or a path of this server; the server has the last word. */
function isLink(link: string): boolean {
  if (link.startsWith("/")) return !link.startsWith("//");
  return link.startsWith("https://") && URL.canParse(link);
}

const schema = z.object({
  title: z.string().trim().min(1, "required").max(longestTitle, "title_length"),
  detail: z.string().trim().max(longestDetail, "detail_length"),
  link: z.string().trim().refine((link) => link === "" || isLink(link), "link_format"),
});

/** Tells everybody something, at once. */
export function NoticeSection() {
  const { t } = useTranslation("admin");
  const form = useZodForm(schema, { title: "", detail: "", link: "" });
  const [alert, setAlert] = useState<string | null>(null);
  // One key until the server has answered: a repeated press after a lost answer tells nobody twice.
  const key = useRef(newId());
  const announcement = useMutation({
    mutationFn: ({ title, detail, link }: z.output<typeof schema>) => {
      const body = { title, ...(detail === "" ? {} : { detail }), ...(link === "" ? {} : { link }) };
      return take(api.POST("/api/admin/notices", { body, headers: idempotent(key.current) }));
    },
    onSuccess: ({ notified }) => {
      form.reset();
      notify.done(t("noticeSent", { count: notified }));
    },
    onError: (error) => setAlert(applyProblem(form, ["title", "detail", "link"], error)),
    onSettled: (_, error) => {
      if (error?.status !== 0) key.current = newId();
    },
  });
  const submit = form.handleSubmit((values) => {
    setAlert(null);
    announcement.mutate(values);
  });
  return (
    <SettingsSection title={t("notice")} text={t("noticeText")}>
      <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
        <FormAlert text={alert} />
        <TextInput control={form.control} name="title" autoComplete="off" label={t("noticeTitle")} />
        <TextAreaInput control={form.control} name="detail" label={t("noticeDetail")} />
        <TextInput control={form.control} name="link" autoComplete="off" label={t("noticeLink")} description={t("noticeLinkText")} />
        <SubmitButton className="self-start" isPending={announcement.isPending}>
          {t("tellEverybody")}
        </SubmitButton>
      </form>
    </SettingsSection>
  );
}
