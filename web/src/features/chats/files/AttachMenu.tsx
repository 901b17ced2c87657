import { Globe, Paperclip, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FileView } from "@/api/types";
import { failed } from "@/features/chats/actions";
import { NameDialog } from "@/features/chats/parts/NameDialog";
import { IconMenu } from "@/ui/IconMenu";
import { readAddress } from "./queries";

interface AttachMenuProps {
  onFiles: (files: readonly File[]) => void;
  onStored: (file: FileView) => void;
}

const longestAddress = 2_000;

/** `example.org` is meant as a page of the web, too. */
export function asAddress(text: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
}

/** The ways in which a file or a page comes to a question. */
export default function AttachMenu({ onFiles, onStored }: AttachMenuProps) {
  const { t } = useTranslation("chats");
  const input = useRef<HTMLInputElement>(null);
  const [isAsking, setAsking] = useState(false);
  const read = async (text: string) => {
    try {
      onStored(await readAddress(asAddress(text)));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <IconMenu
        label={t("files.attach")}
        icon={Paperclip}
        placement="top start"
        className="grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-default hover:text-foreground data-pressed:transform-none pointer-coarse:size-11"
        acts={[
          { id: "files", label: t("files.choose"), icon: Upload, run: () => input.current?.click() },
          { id: "address", label: t("files.address"), icon: Globe, run: () => setAsking(true) },
        ]}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("files.choose")}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = "";
        }}
      />
      {isAsking ? (
        <NameDialog title={t("files.address")} label={t("files.addressLabel")} value="" longest={longestAddress} onSave={(text) => void read(text)} onClose={() => setAsking(false)} />
      ) : null}
    </>
  );
}
