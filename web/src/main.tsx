import "./theme/index.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSignedOut } from "./api/client";
import { createQueryClient } from "./api/query";
import { leave } from "./api/session";
import { startI18n } from "./i18n";
import { createAppRouter } from "./router";
import { followSystemTheme } from "./theme/theme";

const root = document.querySelector("#root");
if (!root) throw new Error("index.html has no #root");

const queryClient = createQueryClient();
const router = createAppRouter(queryClient);

// The layout's guard sees nobody signed in and shows the sign-in page, with the way back.
onSignedOut(() => {
  leave(queryClient);
  void router.invalidate();
});
followSystemTheme();
await startI18n();

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
