import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { enter } from "@/api/session";
import type { User } from "@/api/types";

/** After a successful sign-in: to where the person was going. */
export function useEnter(next?: string): (user: User) => void {
  const queryClient = useQueryClient();
  const router = useRouter();
  return (user) => {
    enter(queryClient, user);
    router.history.replace(next ?? "/");
  };
}
