import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { meQuery } from "@/api/session";
import type { Params, User } from "@/api/types";

/** What may be changed of oneself; `defaultModel: null` clears it. */
export interface MeChange {
  name?: string;
  email?: string;
  defaultModel?: string | null;
  /** In place of the present ones, as a whole. */
  defaultParams?: Params;
  currentPassword?: string;
}

/** Changes the account; the page shows the answer at once. */
export function useUpdateMe() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (body: MeChange): Promise<User> => (await take(api.PATCH("/api/auth/me", { body }))).user,
    onSuccess: (user) => queryClient.setQueryData(meQuery.queryKey, user),
  });
}

/** Where one is signed in, the current session first. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => {
    const { items } = await take(api.GET("/api/auth/sessions", { signal }));
    return items.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.lastUsedAt.localeCompare(a.lastUsedAt));
  },
});

/** Ends one session, or with `null` every other. */
export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (id: string | null): Promise<void> => {
      if (id === null) await api.DELETE("/api/auth/sessions");
      else await api.DELETE("/api/auth/sessions/{id}", { params: { path: { id } } });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}
