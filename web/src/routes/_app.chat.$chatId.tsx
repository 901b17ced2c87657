import { createFileRoute } from "@tanstack/react-router";
import { ChatPage } from "@/features/chats/ChatPage";

export const Route = createFileRoute("/_app/chat/$chatId")({ component: OpenChat });

function OpenChat() {
  const { chatId } = Route.useParams();
  return <ChatPage chatId={chatId} />;
}
