import { toast } from "@heroui/react";

/** Short notices at the edge of the page; failures stay longer than successes. */
export const notify = {
  done: (text: string) => toast.success(text, { timeout: 4_000 }),
  failed: (text: string, detail?: string) => toast.danger(text, { description: detail, timeout: 8_000 }),
};
