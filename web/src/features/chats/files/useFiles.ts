import i18next from "i18next";
import { newId } from "@/api/ids";
import type { FileView } from "@/api/types";
import type { Draft } from "@/features/chats/drafts";
import { notify } from "@/ui/notify";
import { pastedName } from "./names";
import { useDrop } from "./useDrop";
import { useUploads } from "./useUploads";

/** Files on one message, at the most. */
export const mostFiles = 20;

type Change = (next: Partial<Draft> | ((draft: Draft) => Partial<Draft>)) => void;

/** The files of a draft: those that are there, those on their way, and the ways in, unless they are shut. */
export function useFiles(draft: Draft, change: Change, isShut: boolean) {
  const put = (file: FileView) => change(({ files }) => ({ files: [...files.filter(({ id }) => id !== file.id), file] }));
  const { uploads, add: send, drop } = useUploads(put);
  const add = (files: readonly File[]) => {
    if (isShut) {
      notify.failed(i18next.t("temporary.noFiles", { ns: "chats" }));
      return;
    }
    const room = mostFiles - draft.files.length - draft.pasted.length - uploads.length;
    if (files.length > room) notify.failed(i18next.t("files.tooMany", { ns: "chats", count: mostFiles }));
    send(files.slice(0, Math.max(0, room)));
  };
  const isOver = useDrop(add);
  const remove = (id: string) => change(({ files }) => ({ files: files.filter((file) => file.id !== id) }));
  const addPasted = (text: string) => {
    const id = newId();
    change(({ pasted }) => ({ pasted: [...pasted, { id, text }] }));
    if (isShut) return;
    store(text).then(
      (file) => change(({ pasted }) => ({ pasted: pasted.map((one) => (one.id === id ? { ...one, file } : one)) })),
      // It goes with the words of the message, then.
      () => undefined,
    );
  };
  return { uploads, add, put, drop, remove, addPasted, isOver };
}

async function store(text: string): Promise<FileView> {
  const { upload } = await import("@/api/upload");
  return upload(new Blob([text], { type: "text/plain" }), pastedName("text/plain", new Date()), () => undefined, new AbortController().signal);
}
