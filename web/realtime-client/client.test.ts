// What the published client does with our server, over each transport.
import type { Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Provider } from "../e2e/support/provider";
import { Server, freePort } from "../e2e/support/server";
import { Person, type Transports, closeAll, connected, heard, line, refused } from "./person";

interface Acknowledgement {
  ok: boolean;
  running?: { seq: number; content: string }[];
  problem?: { code: string; status: number };
}

interface Delta {
  from: number;
  seq: number;
  text?: string;
}

let provider: Provider;
let server: Server;
let socketPort: number;

beforeAll(async () => {
  provider = await Provider.start();
  socketPort = await freePort();
  server = await Server.create({
    OPENAI_BASE_URL: provider.url,
    SOCKET_PORT: String(socketPort),
    SANGAM_LOCAL_MODEL__ENABLED: "false",
    SANGAM_CHATS__TITLES: "false",
  });
});

afterEach(() => closeAll());

afterAll(async () => {
  await server.remove();
  provider.stop();
});

function ask(socket: Socket, name: string, payload: unknown): Promise<Acknowledgement> {
  return socket.timeout(5_000).emitWithAck(name, payload);
}

const matrix: [string, Transports][] = [
  ["websocket", ["websocket"]],
  ["polling", ["polling"]],
  ["polling that is upgraded", ["polling", "websocket"]],
];

describe.each(matrix)("over %s", (_, transports) => {
  const isUpgraded = transports.length === 2;

  it("lets in who has a token, or a cookie on a page of ours", async () => {
    const ada = await Person.register(server.url);
    expect((await ada.line(transports)).connected).toBe(true);
    const headers = { cookie: ada.cookie, origin: server.url };
    const page = await connected(line(server.url, transports, { extraHeaders: headers }));
    expect(page.connected).toBe(true);
  });

  it("refuses everybody else", async () => {
    const ada = await Person.register(server.url);
    expect(await refused(line(server.url, transports))).toBe("unauthenticated");
    expect(await refused(line(server.url, transports, { auth: { token: "x.y.z" } }))).toBe("invalid_token");
    const cookieAlone = line(server.url, transports, { extraHeaders: { cookie: ada.cookie } });
    expect(await refused(cookieAlone)).toBe("unauthenticated");
    // A page elsewhere gets no transport, whatever it knows.
    const headers = { cookie: ada.cookie, origin: "http://evil.example" };
    const foreign = line(server.url, transports, { auth: { token: ada.token }, extraHeaders: headers, reconnection: false });
    expect(await refused(foreign)).toMatch(/error/);
  });

  it("tells a person's devices, and in a chat whoever joined it", async () => {
    const [ada, mira] = [await Person.register(server.url), await Person.register(server.url)];
    const [inside, outside, foreign] = [await ada.line(transports), await ada.line(transports), await mira.line(transports)];
    const strays: string[] = [];
    foreign.onAny((name: string) => strays.push(name));
    outside.onAny((name: string) => name === "message:delta" && strays.push(name));
    const created = heard<{ chat: { id: string } }>(outside, "chat:created");
    const deltas: Delta[] = [];
    inside.on("message:delta", (delta: Delta) => deltas.push(delta));
    const { chat } = await ada.begin("Tell me", "steady");
    expect((await created).chat.id).toBe(chat.id);
    const joined = await ask(inside, "chat:join", { chatId: chat.id });
    const running = joined.running?.[0];
    expect(running).toBeDefined();
    const notYours = await ask(foreign, "chat:join", { chatId: chat.id });
    expect(notYours.problem).toMatchObject({ code: "chat_not_found", status: 404 });
    const done = await heard<{ message: { content: string; status: string } }>(inside, "message:done");
    expect(done.message.status).toBe("complete");
    const text = deltas.map((delta) => delta.text ?? "").join("");
    expect(`${running?.content}${text}`).toBe(done.message.content);
    let seen = running?.seq ?? -1;
    for (const { from, seq } of deltas) {
      expect(from).toBe(seen + 1);
      seen = seq;
    }
    expect(strays).toEqual([]);
  });

  it("answers what is asked, also binary, unknown and malformed", async () => {
    const ada = await Person.register(server.url);
    const socket = await ada.line(transports);
    expect((await ask(socket, "no:such", {})).problem?.code).toBe("unknown_event");
    expect((await ask(socket, "chat:join", { chatId: 7 })).problem?.status).toBe(422);
    expect((await ask(socket, "chat:join", Buffer.from([0, 159, 146, 150]))).problem?.status).toBe(422);
    expect((await ask(socket, "chat:join", { chatId: Buffer.alloc(100_000) })).problem?.status).toBe(422);
    const { chat } = await ada.begin("Join me");
    expect((await ask(socket, "chat:join", { chatId: chat.id })).ok).toBe(true);
    expect((await ask(socket, "typing", { chatId: chat.id, isTyping: true })).ok).toBe(true);
    expect((await ask(socket, "chat:leave", { chatId: chat.id })).ok).toBe(true);
  });

  it("serves both ports alike", async () => {
    const ada = await Person.register(server.url);
    const [here, there] = [await ada.line(transports), await ada.line(transports, `http://127.0.0.1:${socketPort}`)];
    const both = [heard(here, "chat:created"), heard(there, "chat:created")];
    await ada.begin("Both");
    await Promise.all(both);
    const headers = { cookie: ada.cookie, origin: server.url };
    const page = line(`http://127.0.0.1:${socketPort}`, transports, { extraHeaders: headers });
    expect((await connected(page)).connected).toBe(true);
  });

  it("drops who signs out, and lets nobody back with that token", async () => {
    const ada = await Person.register(server.url);
    const socket = await ada.line(transports);
    const ended = heard<string>(socket, "disconnect");
    const begun = Date.now();
    await ada.ask("POST", "/api/auth/logout");
    expect(await ended).toBe("io server disconnect");
    expect(Date.now() - begun).toBeLessThan(1_000);
    expect(socket.active).toBe(false);
    expect(await refused(socket)).toBe("invalid_token");
  });

  it.runIf(isUpgraded)("is a websocket in the end", async () => {
    const ada = await Person.register(server.url);
    const socket = line(server.url, transports, { auth: { token: ada.token } });
    await connected(socket);
    const { engine } = socket.io;
    if (engine.transport.name !== "websocket") await new Promise((done) => engine.once("upgrade", done));
    expect(engine.transport.name).toBe("websocket");
    const created = heard(socket, "chat:created");
    await ada.begin("After the upgrade");
    await created;
  });

  it("comes back after a crash, joins again and reads what it missed", async () => {
    const ada = await Person.register(server.url);
    const socket = await ada.line(transports);
    const { chat } = await ada.begin("Before");
    await ask(socket, "chat:join", { chatId: chat.id });
    const before = socket.id;
    const gone = heard(socket, "disconnect");
    await server.stop("SIGKILL");
    await gone;
    const back = heard(socket, "connect");
    await server.start();
    await back;
    expect(socket.id).not.toBe(before);
    expect((await ask(socket, "chat:join", { chatId: chat.id })).ok).toBe(true);
    const held = await ada.ask<{ messages: { role: string }[] }>("GET", `/api/chats/${chat.id}`);
    expect(held.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    const done = heard<{ chatId: string }>(socket, "message:done");
    await ada.ask("POST", `/api/chats/${chat.id}/messages`, { content: "After", model: "instant" });
    expect((await done).chatId).toBe(chat.id);
  });
});

it("a foreign page is answered with 403, over polling and websocket", async () => {
  const headers = { origin: "http://evil.example" };
  for (const port of [server.url, `http://127.0.0.1:${socketPort}`]) {
    const polling = await fetch(`${port}/socket.io/?EIO=4&transport=polling`, { headers });
    expect(polling.status).toBe(403);
    const upgrade = { ...headers, connection: "upgrade", upgrade: "websocket" };
    const websocket = await status(`${port}/socket.io/?EIO=4&transport=websocket`, upgrade);
    expect(websocket).toBe(403);
  }
});

/** `fetch` sends no header of a connection. */
async function status(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const { get } = await import("node:http");
  const key = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" };
  return new Promise((done, failed) => {
    const request = get(url, { headers: { ...headers, ...key } }, (response) => {
      response.resume();
      done(response.statusCode);
    });
    request.once("upgrade", (_, socket) => {
      socket.destroy();
      done(101);
    });
    request.once("error", failed);
  });
}
