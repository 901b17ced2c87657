// Links to chats: made, listed and revoked by their owner; read by whoever holds one.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { Share, ShareKind } from "@/api/types";

/** Above it the list ends: who has more links than this revokes some first. */
const most = 100;
const liveMs = 30_000;

/** A link that can still be opened. */
export function isOpen({ expiresAt }: Share, now: number = Date.now()): boolean {
  return expiresAt === null || new Date(expiresAt).getTime() > now;
}

function newestFirst(items: readonly Share[]): Share[] {
  return items.filter((share) => isOpen(share)).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** The links to one chat that can be opened. */
export function chatSharesQuery(chatId: string) {
  return queryOptions({
    queryKey: ["shares", chatId],
    queryFn: async ({ signal }) => newestFirst((await take(api.GET("/api/chats/{id}/shares", { params: { path: { id: chatId }, query: { limit: most } }, signal }))).items),
  });
}

/** All of one's links that can be opened. */
export const sharesQuery = queryOptions({
  queryKey: ["shares"],
  queryFn: async ({ signal }) => newestFirst((await take(api.GET("/api/shares", { params: { query: { limit: most } }, signal }))).items),
});

export interface NewShare {
  kind: ShareKind;
  /** Null: until it is revoked. */
  days: number | null;
  showsReasoning: boolean;
}

export function useCreateShare(chatId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ kind, days, showsReasoning }: NewShare): Promise<Share> => {
      const expiresAt = days === null ? undefined : new Date(Date.now() + days * 86_400_000).toISOString();
      const { share } = await take(
        api.POST("/api/chats/{id}/shares", { params: { path: { id: chatId } }, body: { kind, expiresAt, showsReasoning }, headers: idempotent(newId()) }),
      );
      return share;
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["shares"] }),
  });
}

export function useRevokeShare() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.DELETE("/api/shares/{id}", { params: { path: { id } } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["shares"] }),
  });
}

/** What a link shows; its pages go from the newest messages up. */
export function sharedQuery(token: string) {
  return infiniteQueryOptions({
    queryKey: ["shared", token],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => take(api.GET("/api/shared/{token}", { params: { path: { token }, query: { before: pageParam ?? undefined } }, signal })),
    getNextPageParam: ({ prevCursor }) => prevCursor,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.kind === "live" ? liveMs : false),
  });
}
