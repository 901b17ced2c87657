// What the page weighs and how soon it is there.
import { measureSizes } from "../../scripts/sizes.mjs";
import { largestPaint, watchLargestPaint } from "./probes";
import { type Stage, measured, median, test } from "./stage";

const rounds = 3;

test("sizes of the build", async () => {
  const { entry, css, routes, whole } = await measureSizes();
  const isChat = ({ name }: { name: string }) => /chat|index/.test(name);
  const largest = (some: { name: string; size: number }[]) => some.toSorted((a, b) => b.size - a.size)[0] ?? { name: "none", size: 0 };
  measured("entry", entry);
  measured("css", css);
  const route = largest(routes.filter((one) => !isChat(one)));
  measured("route", route.size, route.name);
  measured("chatRoute", largest(routes.filter(isChat)).size);
  measured("dist", whole);
});

async function sharedPath({ call, chats }: Stage): Promise<string | null> {
  const made = await call("POST", `/api/chats/${chats.short.id}/shares`, { kind: "snapshot" });
  if (made.status !== 201) return null;
  const { share } = (await made.json()) as { share: { url: string } };
  return new URL(share.url).pathname;
}

for (const [goal, slower] of [
  ["lcp", 1],
  ["slowLcp", 4],
] as const) {
  test(`largest paint with nothing cached, CPU ${slower}x`, async ({ browser, stage }) => {
    const shared = await sharedPath(stage);
    const open = ["/sign-in", "/register", ...(shared ? [shared] : [])];
    const paths = [...open, "/", `/chat/${stage.chats.two.id}`, "/notifications", "/settings", "/admin"];
    for (const path of paths) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const isOpen = open.includes(path);
        const context = await browser.newContext({ baseURL: stage.url, storageState: isOpen ? { cookies: [], origins: [] } : stage.state });
        const page = await context.newPage();
        const devtools = await context.newCDPSession(page);
        await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
        await watchLargestPaint(page);
        await page.goto(path);
        await page.waitForLoadState("networkidle");
        times.push(await largestPaint(page));
        await context.close();
      }
      measured(goal, median(times), path.replace(/[0-9a-f-]{36}/, "…").replace(/^\/s\/.*/, "/s/…"));
    }
  });
}
