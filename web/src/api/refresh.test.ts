import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "./problem";
import { refreshSession, withRefresh } from "./refresh";

const url = (path: string) => new URL(path, "http://localhost:3000").href;
const json = (status: number, body: unknown = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** A server whose access token is stale until it is refreshed. */
function server(refreshStatus = 200) {
  const state = { fresh: false, seen: [] as string[], bodies: [] as string[] };
  const send = vi.fn(async (request: Request) => {
    const path = new URL(request.url).pathname;
    state.seen.push(path);
    if (path === "/api/auth/refresh") {
      await new Promise((resolve) => setTimeout(resolve, 5));
      state.fresh = refreshStatus === 200;
      return json(refreshStatus, { code: "session_ended", title: "ended" });
    }
    if (path === "/api/auth/login") return json(401);
    if (!state.fresh) return json(401);
    state.bodies.push(await request.text());
    return json(200);
  });
  return { state, send };
}

describe("withRefresh", () => {
  const onSignedOut = vi.fn();
  beforeEach(() => onSignedOut.mockClear());

  it("renews an expired session and repeats the call with its body", async () => {
    const { state, send } = server();
    const call = withRefresh(send, onSignedOut);
    const response = await call(new Request(url("/api/chats"), { method: "POST", body: '{"message":"hi"}' }));
    expect(response.status).toBe(200);
    expect(state.seen).toEqual(["/api/chats", "/api/auth/refresh", "/api/chats"]);
    expect(state.bodies).toEqual(['{"message":"hi"}']);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("renews once for calls that fail together", async () => {
    const { state, send } = server();
    const call = withRefresh(send, onSignedOut);
    const answers = await Promise.all(["/api/chats", "/api/models", "/api/auth/me"].map((path) => call(new Request(url(path)))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(state.seen.filter((path) => path === "/api/auth/refresh")).toHaveLength(1);
  });

  it("renews again for the next expiry", async () => {
    const { state, send } = server();
    const call = withRefresh(send, onSignedOut);
    await call(new Request(url("/api/chats")));
    state.fresh = false;
    await call(new Request(url("/api/chats")));
    expect(state.seen.filter((path) => path === "/api/auth/refresh")).toHaveLength(2);
  });

  it("reports the end of the session when the renewal is refused", async () => {
    const { state, send } = server(401);
    const response = await withRefresh(send, onSignedOut)(new Request(url("/api/chats")));
    expect(response.status).toBe(401);
    expect(onSignedOut).toHaveBeenCalledOnce();
    expect(state.seen).toEqual(["/api/chats", "/api/auth/refresh"]);
  });

  it("signs nobody out when the server is in trouble", async () => {
    const { send } = server(503);
    await expect(withRefresh(send, onSignedOut)(new Request(url("/api/chats")))).rejects.toMatchObject({ status: 503 });
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("leaves a refused sign-in alone", async () => {
    const { state, send } = server();
    const response = await withRefresh(send, onSignedOut)(new Request(url("/api/auth/login"), { method: "POST" }));
    expect(response.status).toBe(401);
    expect(state.seen).toEqual(["/api/auth/login"]);
  });
});

describe("refreshSession", () => {
  it("can be tried again after a failure", async () => {
    const failing = vi.fn(() => Promise.reject(new Problem({ status: 0, code: "network_unreachable", title: "down" })));
    await expect(refreshSession(failing)).rejects.toMatchObject({ code: "network_unreachable" });
    expect(await refreshSession(() => Promise.resolve(json(200)))).toBe(true);
  });
});
