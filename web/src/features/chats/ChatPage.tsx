import "./chats.css";
import { NewChat } from "./parts/NewChat";
import { OpenChat } from "./parts/OpenChat";

/** A chat; without an id, the page on which one begins. */
export function ChatPage({ chatId }: { chatId?: string }) {
  return chatId === undefined ? <NewChat /> : <OpenChat key={chatId} chatId={chatId} />;
}
