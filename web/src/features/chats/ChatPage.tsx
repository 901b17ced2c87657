import "./chats.css";
import { NewChat } from "./parts/NewChat";
import { OpenChat } from "./parts/OpenChat";

/** A chat, at `messageId` if that is named; without an id, the page on which one begins. */
export function ChatPage({ chatId, messageId }: { chatId?: string; messageId?: string }) {
  return chatId === undefined ? <NewChat /> : <OpenChat key={chatId} chatId={chatId} messageId={messageId} />;
}
