import { defineConfig } from "@playwright/test";

// The browser is the system's Chromium: nothing is downloaded. One worker, because a browser and a
// server with a model in it are enough for two cores.
export default defineConfig({
  testDir: "e2e",
  workers: 1,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["html", { open: "never" }]],
  use: {
    locale: "en-GB",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // Chromium's sandbox refuses to run as root, which is what containers and CI machines are.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
