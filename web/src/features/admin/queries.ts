import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

/** What an administrator has set for everybody. */
export const settingsQuery = queryOptions({
  queryKey: ["admin", "settings"],
  queryFn: ({ signal }) => take(api.GET("/api/admin/settings", { signal })),
});
