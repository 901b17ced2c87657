// The real socket.io-client against the real server, in Node: `npm run realtime`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["realtime-client/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 40_000,
    fileParallelism: false,
  },
});
