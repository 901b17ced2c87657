import { createFileRoute } from "@tanstack/react-router";
import { ChatPage } from "@/features/chats/ChatPage";

export const Route = createFileRoute("/_app/chat/$chatId")({
  // `m`: the message to show, as a search result names it.
  validateSearch: (search): { m?: string } => {
    const message = search["m"];
    return typeof message === "string" && /^[0-9a-f-]{36}$/.test(message) ? { m: message } : {};
  },
  component: OpenChat,
});

function OpenChat() {
  const { chatId } = Route.useParams();
  const { m } = Route.useSearch();
  return <ChatPage chatId={chatId} messageId={m} />;
}
