import { createFileRoute, redirect } from "@tanstack/react-router";
import { meQuery } from "@/api/session";
import { AppShell } from "@/shell/AppShell";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => {
    const user = await context.queryClient.ensureQueryData(meQuery);
    if (user === null) {
      const next = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: { next } });
    }
    return { user };
  },
  component: AppShell,
});
