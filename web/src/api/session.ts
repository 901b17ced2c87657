// Who is signed in and what kind of instance this is: asked by the shell and by every feature.
import { type QueryClient, queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { api, take } from "./client";
import { Problem } from "./problem";
import type { User } from "./types";

/** The person signed in, or null. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return (await take(api.GET("/api/auth/me", { signal }))).user;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

/** What anybody may know of this instance: who may register, whether it has an administrator. */
export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  staleTime: 60_000,
  queryFn: ({ signal }) => take(api.GET("/api/instance", { signal })),
});

/** The person signed in; only below the signed-in layout, which has already asked. */
export function useMe(): User {
  const { data } = useSuspenseQuery(meQuery);
  if (data === null) throw new Problem({ status: 401, code: "not_signed_in", title: "Not signed in" });
  return data;
}

/** The instance, or undefined while it is being asked. */
export function useInstance() {
  return useQuery(instanceQuery).data;
}

/** After signing in: nothing remembered of an earlier person stays. */
export function enter(client: QueryClient, user: User): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== instanceQuery.queryKey[0] });
  client.setQueryData(meQuery.queryKey, user);
}

/** After signing out: forgets everything that was the person's. */
export function leave(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== instanceQuery.queryKey[0] });
  client.setQueryData(meQuery.queryKey, null);
}
