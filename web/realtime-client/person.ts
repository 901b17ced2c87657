// Somebody with an account, as a program: a token, requests, sockets.
import { type ManagerOptions, type Socket, type SocketOptions, io } from "socket.io-client";

export type Transports = ("websocket" | "polling")[];

export interface Sent {
  chat: { id: string };
  assistantMessage: { id: string };
}

const patienceMs = 10_000;
const open = new Set<Socket>();
let people = 0;

/** Ends every socket of a test. */
export function closeAll(): void {
  for (const socket of open) socket.disconnect();
  open.clear();
}

/** A socket that is not connected yet. */
export function line(url: string, transports: Transports, options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
  const socket = io(url, { transports, forceNew: true, autoConnect: false, reconnectionDelay: 100, ...options });
  open.add(socket);
  return socket;
}

/** The next event of this name, with what it carries; fails when it does not come. */
export function heard<Payload = never>(socket: Socket, name: string): Promise<Payload> {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`no ${name} came`)), patienceMs);
    socket.once(name, (payload: Payload) => {
      clearTimeout(late);
      done(payload);
    });
  });
}

export async function connected(socket: Socket): Promise<Socket> {
  const up = heard(socket, "connect");
  socket.connect();
  await up;
  return socket;
}

/** The code with which the server refuses a connection. */
export async function refused(socket: Socket): Promise<string> {
  const error = heard<Error>(socket, "connect_error");
  socket.connect();
  return (await error).message;
}

export class Person {
  private constructor(
    readonly url: string,
    readonly token: string,
    /** As a browser would send it. */
    readonly cookie: string,
  ) {}

  static async register(url: string): Promise<Person> {
    people += 1;
    const body = { name: `person ${people}`, email: `person${people}@example.org`, password: "ek lambi gupt kahani 7" };
    const registered = await fetch(`${url}/api/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify(body),
    });
    if (registered.status !== 201) throw new Error(await registered.text());
    const { accessToken } = (await registered.json()) as { accessToken?: string };
    const cookies = registered.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
    const cookie = cookies.find((one) => one?.startsWith("sangam_access=")) ?? "";
    return new Person(url, accessToken ?? cookie.slice("sangam_access=".length), cookie);
  }

  async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as Answer;
  }

  begin(message: string, model = "instant"): Promise<Sent> {
    return this.ask("POST", "/api/chats", { message, model });
  }

  /** A socket that connects with the person's token. */
  line(transports: Transports, url = this.url): Promise<Socket> {
    return connected(line(url, transports, { auth: { token: this.token } }));
  }
}
