import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** Every model the providers offer, and how the providers are. */
export const modelsQuery = queryOptions({
  queryKey: ["models"],
  staleTime: 60_000,
  queryFn: ({ signal }) => take(api.GET("/api/models", { signal })),
});
