import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ImportSource } from "@/api/pending";
import { upload } from "@/api/upload";
import { problemText } from "@/ui/problemText";
import { startImport } from "./jobs";

interface Chosen {
  file: File;
  source: ImportSource | undefined;
}

/** Brings a file to the server and has it read there. */
export function useImport() {
  const client = useQueryClient();
  const [share, setShare] = useState(0);
  const abort = useRef<AbortController>(undefined);
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: async ({ file, source }: Chosen) => {
      const { signal } = (abort.current = new AbortController());
      setShare(0);
      const { id } = await upload(file, file.name, setShare, signal, "import");
      await startImport(client, id, source);
    },
  });
  const wasCancelled = (error as unknown) instanceof DOMException;
  return {
    start: (file: File, source: ImportSource | undefined) => mutate({ file, source }),
    cancel: () => abort.current?.abort(),
    /** How much of the file has gone out. */
    share,
    /** The file on its way; null when none is. */
    name: isPending ? variables.file.name : null,
    failure: error && !wasCancelled ? problemText(error) : null,
  };
}
