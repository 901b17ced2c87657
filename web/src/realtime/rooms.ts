// Which chats are being looked at, and whether the server knows; pure but for `ask`.
import type { Person, Running } from "./events";

/** What the server says when a chat is joined. */
export interface Joined {
  running: Running[];
  people: Person[];
  /** Joined before, on a connection that broke since: what was missed must be asked for. */
  isAgain: boolean;
}

type OnJoined = (joined: Joined) => void;

interface Room {
  members: Set<OnJoined>;
  wasJoined: boolean;
}

/** Sends an event; the answer is the acknowledgement, or null when there is no connection. */
export type Ask = (name: "chat:join" | "chat:leave", chatId: string) => Promise<unknown>;

interface Acknowledgement {
  ok: boolean;
  running?: Running[];
  presence?: { people?: Person[] };
}

function isAcknowledgement(value: unknown): value is Acknowledgement {
  return typeof value === "object" && value !== null && "ok" in value;
}

export class Rooms {
  private readonly rooms = new Map<string, Room>();

  constructor(private readonly ask: Ask) {}

  /** Stays in the chat until the returned function is called, over any number of connections. */
  join(chatId: string, onJoined: OnJoined): () => void {
    const room = this.rooms.get(chatId) ?? { members: new Set(), wasJoined: false };
    this.rooms.set(chatId, room);
    room.members.add(onJoined);
    void this.enter(chatId, room, [onJoined]);
    return () => {
      room.members.delete(onJoined);
      if (room.members.size > 0 || this.rooms.get(chatId) !== room) return;
      this.rooms.delete(chatId);
      void this.ask("chat:leave", chatId);
    };
  }

  /** After a new connection: the server has forgotten every room. */
  joinAll(): void {
    for (const [chatId, room] of this.rooms) void this.enter(chatId, room, room.members);
  }

  /** A chat that was looked at before the server had made it can be joined now. */
  chatExists(chatId: string): void {
    const room = this.rooms.get(chatId);
    if (room && !room.wasJoined) void this.enter(chatId, room, room.members);
  }

  private async enter(chatId: string, room: Room, members: Iterable<OnJoined>): Promise<void> {
    const isAgain = room.wasJoined;
    const answer = await this.ask("chat:join", chatId);
    if (!isAcknowledgement(answer) || !answer.ok) return;
    room.wasJoined = true;
    const { running = [], presence } = answer;
    for (const member of members) if (room.members.has(member)) member({ running, people: presence?.people ?? [], isAgain });
  }
}
