import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { api } from "@/api/client";
import { leave } from "@/api/session";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";

/** Ends the session on the server, then forgets everything here. */
export function useSignOut(): () => void {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useCallback(() => {
    const end = async () => {
      try {
        await api.POST("/api/auth/logout");
      } catch (error) {
        // The cookies would still be good: claiming to be signed out would be a lie.
        notify.failed(problemText(error));
        return;
      }
      leave(queryClient);
      await router.navigate({ to: "/sign-in" });
    };
    void end();
  }, [queryClient, router]);
}
