import { createRootRouteWithContext } from "@tanstack/react-router";
import type { RouterContext } from "@/router";
import { NotFound } from "@/shell/NotFound";
import { Root } from "@/shell/Root";

export const Route = createRootRouteWithContext<RouterContext>()({
  component: Root,
  notFoundComponent: LostPage,
});

function LostPage() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <NotFound />
    </main>
  );
}
