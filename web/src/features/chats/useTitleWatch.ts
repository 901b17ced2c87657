import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ChatSummary } from "@/api/types";
import { isConnected } from "@/realtime/realtime";
import { refreshChat } from "./queries";

const mostTries = 12;
const mostAtOnce = 3;

/**
 * When to look again for a better title, after `tries` looks in vain: 1.5 s, then ever more rarely.
 * With a socket the title comes by itself, and looking is for the case that its event was lost.
 */
export function titleDelayMs(tries: number, connected: boolean): number {
  return connected ? 30_000 : Math.min(10_000, 1_500 * 1.4 ** tries);
}

/**
 * Looks now and then for titles that are being made; not while the answer is still running, for the
 * title comes after it, and not for ever.
 */
export function useTitleWatch(chats: readonly ChatSummary[], running: readonly string[]): void {
  const client = useQueryClient();
  const tries = useRef(new Map<string, number>());
  const waiting = chats
    .filter(({ id, titlePending }) => titlePending && !running.includes(id))
    .slice(0, mostAtOnce)
    .map(({ id }) => id)
    .join(" ");
  useEffect(() => {
    for (const id of running) tries.current.delete(id);
  }, [running]);
  useEffect(() => {
    if (waiting === "") return;
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const watch = (id: string) => {
      const tried = tries.current.get(id) ?? 0;
      if (tried >= mostTries) return;
      timers.set(
        id,
        setTimeout(() => {
          tries.current.set(id, tried + 1);
          refreshChat(client, id).then(
            ({ titlePending }) => titlePending && timers.has(id) && watch(id),
            () => timers.has(id) && watch(id),
          );
        }, titleDelayMs(tried, isConnected())),
      );
    };
    waiting.split(" ").forEach(watch);
    return () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    };
  }, [client, waiting]);
}
