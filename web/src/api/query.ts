import { QueryClient } from "@tanstack/react-query";
import { asProblem, type Problem } from "./problem";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

/** The one cache of what the server said. Only failures that may pass are tried again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The server may be on this very machine: the browser's idea of "offline" says nothing of it.
        networkMode: "always",
        staleTime: 30_000,
        retry: (count, error) => count < 2 && asProblem(error).isTransient,
        retryDelay: (count, error) => asProblem(error).retryAfterMs ?? Math.min(500 * 2 ** count, 5_000),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
