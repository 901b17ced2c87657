// What the socket says of an answer before the page knows that there is one: the event may be
// quicker than the call that began it. Kept for a short while, in order; pure.
import type { Message } from "@/api/types";
import type { StreamEvent } from "./events";

type Snapshot = StreamEvent & { kind: "snapshot" };
type Piece = StreamEvent & { kind: "delta" };

interface Kept {
  snapshot: Snapshot | null;
  pieces: Piece[];
}

/** More than that is read from the answer's own stream instead. */
const mostPieces = 400;
const mostAnswers = 16;

const nothing: Snapshot = { kind: "snapshot", seq: 0, content: "", reasoning: null, status: "streaming" };

export class Early {
  private readonly byId = new Map<string, Kept>();

  private of(id: string): Kept {
    const known = this.byId.get(id);
    if (known) return known;
    const [oldest] = this.byId.keys();
    if (oldest !== undefined && this.byId.size >= mostAnswers) this.byId.delete(oldest);
    const kept: Kept = { snapshot: null, pieces: [] };
    this.byId.set(id, kept);
    return kept;
  }

  snapshot(id: string, snapshot: Snapshot): void {
    this.byId.delete(id);
    this.of(id).snapshot = snapshot;
  }

  piece(id: string, piece: Piece): void {
    const { pieces } = this.of(id);
    if (pieces.length < mostPieces) pieces.push(piece);
  }

  forget(id: string): void {
    this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
  }

  /**
   * What is to be applied to the answer now that it is known, from its beginning or a snapshot on;
   * empty when that is not known: then it must be asked for.
   */
  replay(message: Pick<Message, "id" | "content" | "reasoning">): StreamEvent[] {
    const { snapshot, pieces } = this.byId.get(message.id) ?? { snapshot: null, pieces: [] };
    this.byId.delete(message.id);
    if (snapshot) return [snapshot, ...pieces];
    const [first] = pieces;
    const isNew = message.content === "" && message.reasoning === null;
    const isWhole = first === undefined ? isNew : (first.from ?? first.seq) === 1;
    return isWhole ? [nothing, ...pieces] : [];
  }
}
