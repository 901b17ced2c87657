// For tests: rows of which only what a test speaks of is given, and the page's surroundings.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import i18next from "i18next";
import { createElement, type ReactElement } from "react";
import { meQuery } from "@/api/session";
import type { Chat, ChatSummary, Message, User } from "@/api/types";
import { modelsQuery } from "@/features/models/queries";
import { startI18n } from "@/i18n";

export const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString();

export function aMessage(change: Partial<Message> = {}): Message {
  return {
    id: "m1",
    chatId: "c1",
    parentId: null,
    siblingIds: [change.id ?? "m1"],
    role: "assistant",
    status: "complete",
    content: "",
    reasoning: null,
    citations: [],
    annotations: [],
    params: {},
    comparisonId: null,
    editedFromId: null,
    context: null,
    vote: null,
    modelAsked: "tiny",
    modelUsed: "tiny",
    finishReason: null,
    usage: null,
    costMicrousd: null,
    ttftMs: null,
    latencyMs: null,
    error: null,
    createdAt: at(0),
    ...change,
  };
}

export function aChat(change: Partial<Chat> = {}): Chat {
  return {
    id: "c1",
    title: "Chat",
    titlePending: false,
    model: null,
    params: {},
    pinned: false,
    archived: false,
    unread: false,
    folderId: null,
    tags: [],
    origin: null,
    temporary: false,
    activeLeafId: null,
    createdAt: at(0),
    updatedAt: at(0),
    ...change,
  };
}

export function anEntry(change: Partial<ChatSummary> = {}): ChatSummary {
  return {
    id: "c1",
    title: "Chat",
    titlePending: false,
    model: null,
    pinned: false,
    archived: false,
    unread: false,
    folderId: null,
    tags: [],
    activeLeafId: null,
    updatedAt: at(0),
    createdAt: at(0),
    ...change,
  };
}

export const aUser: User = { id: "u1", name: "Asha Verma", email: "asha@example.org", role: "user", defaultModel: null, defaultParams: {}, createdAt: at(0) };

/** Renders as a signed-in person sees it, in English, with no model on offer. */
export async function renderSignedIn(element: ReactElement) {
  if (!i18next.isInitialized) await startI18n();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.setQueryData(meQuery.queryKey, aUser);
  client.setQueryData(modelsQuery.queryKey, { items: [], providers: [], defaultModel: null });
  return { client, ...render(createElement(QueryClientProvider, { client }, element)) };
}
