import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

// What `make bench-page` runs: the same browser, on the release build, one measure at a time.
export default defineConfig({
  ...base,
  testDir: "e2e/perf",
  testMatch: "*.perf.ts",
  timeout: 300_000,
  reporter: [["./e2e/perf/report.ts"]],
  use: { ...base.use, trace: "off", screenshot: "off" },
});
