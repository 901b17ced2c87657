import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { englishWidgets, modernFonts, preloadFonts } from "./scripts/vite-plugins.ts";

const server = process.env.SANGAM_SERVER ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [
    englishWidgets(),
    modernFonts(),
    preloadFonts("hanken-grotesk-latin-wght-normal", "bricolage-grotesque-latin-wght-normal"),
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routesDirectory: "src/routes",
      generatedRouteTree: "src/routeTree.gen.ts",
      quoteStyle: "double",
      semicolons: true,
    }),
    react(),
    tailwindcss(),
  ],
  resolve: {
    alias: [
      { find: "@", replacement: fileURLToPath(new URL("./src", import.meta.url)) },
      // Without its class merger: HeroUI's classes stand in an earlier layer than any utility, so
      // there is never a conflict to merge. Saves 12 KB gz on every page.
      { find: /^tailwind-variants$/, replacement: "tailwind-variants/lite" },
    ],
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      // The server allows only its own origin; the proxy speaks for the page under it.
      "/api": { target: server, changeOrigin: true, headers: { origin: server } },
      "/socket.io": { target: server, changeOrigin: true, ws: true, headers: { origin: server } },
      "/health": { target: server, changeOrigin: true },
    },
  },
  build: {
    target: "es2022",
    manifest: true,
    sourcemap: false,
    // The content security policy forbids data: fonts and scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What is needed together comes together: three files instead of forty.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(?:react|react-dom|scheduler|@tanstack|i18next|react-i18next|zustand|openapi-fetch|clsx|use-sync-external-store|tailwind-variants)\//,
            },
            { name: "icons", test: /node_modules\/lucide-react\// },
            { name: "page", test: /src\/(?:api|i18n|theme)\/(?!messages\.hi-Latn).+\.(?:ts|json)$|src\/ui\/(?:ButtonLink|EmptyState|ErrorState|KeyHint|PageBar|commands|keys|notify|prefs|problemText|usePageTitle)\.tsx?$/ },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
  },
});
