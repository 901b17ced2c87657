import { toast } from "@heroui/react";

/** Short notices at the edge of the page; failures stay longer than successes. */
export const notify = {
  done: (text: string) => toast.success(text, { timeout: 4_000 }),
  /** Something that happened elsewhere, with the way there. */
  news: (text: string, { detail, action, onPress }: { detail: string; action: string; onPress: () => void }) => {
    const key = toast(text, {
      description: detail,
      timeout: 8_000,
      actionProps: {
        children: action,
        size: "sm",
        variant: "secondary",
        onPress: () => {
          toast.close(key);
          onPress();
        },
      },
    });
  },
  failed: (text: string, detail?: string) => toast.danger(text, { description: detail, timeout: 8_000 }),
};
