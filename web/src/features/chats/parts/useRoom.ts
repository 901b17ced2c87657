import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { refetchThread } from "@/features/chats/queries";
import { roomEntered, roomLeft } from "@/features/chats/streams/following";
import { isConnected, joinChat, onConnection, type Person, sayTyping, type ServerEvents, useEvent } from "@/realtime/realtime";

/** Somebody else who has the chat open. */
export interface Other extends Person {
  isTyping: boolean;
}

/** Whoever stopped typing without a word has stopped by then. */
const typingMs = 6_000;
const nobody: readonly Person[] = [];

/** Has the chat's events come by socket while it is open; gives who else has it open, and who types. */
export function useRoom(chatId: string): readonly Other[] {
  const client = useQueryClient();
  const [people, setPeople] = useState(nobody);
  const typing = useTyping(chatId);
  useEffect(() => {
    const leave = joinChat(chatId, (joined) => {
      setPeople(joined.people);
      roomEntered(chatId, joined.running);
      // What happened between the two connections is asked for, once.
      if (joined.isAgain) void refetchThread(client, chatId);
    });
    const stop = onConnection(() => {
      if (isConnected()) return;
      roomLeft(chatId);
      setPeople(nobody);
    });
    return () => {
      leave();
      stop();
      roomLeft(chatId);
    };
  }, [client, chatId]);
  useEvent(
    "presence",
    useCallback((event: ServerEvents["presence"]) => event.chatId === chatId && setPeople(event.people), [chatId]),
  );
  return people.filter(({ isYou }) => !isYou).map((person) => ({ ...person, isTyping: typing.has(person.sessionId) }));
}

function useTyping(chatId: string): ReadonlySet<string> {
  const [typing, setTyping] = useState<ReadonlySet<string>>(new Set<string>());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const all = timers.current;
    return () => {
      for (const timer of all.values()) clearTimeout(timer);
    };
  }, []);
  const heard = useCallback(
    ({ chatId: where, sessionId, isTyping }: ServerEvents["typing"]) => {
      if (where !== chatId) return;
      const set = (isOn: boolean) =>
        setTyping((before) => {
          if (before.has(sessionId) === isOn) return before;
          const next = new Set(before);
          if (isOn) next.add(sessionId);
          else next.delete(sessionId);
          return next;
        });
      clearTimeout(timers.current.get(sessionId));
      set(isTyping);
      if (isTyping) timers.current.set(sessionId, setTimeout(() => set(false), typingMs));
    },
    [chatId],
  );
  useEvent("typing", heard);
  return typing;
}

const sayEveryMs = 3_000;

/** Tells the others that something is being typed, now and then; `false`: no longer. */
export function useSayTyping(chatId: string | undefined): (isTyping: boolean) => void {
  const said = useRef(0);
  return useCallback(
    (isTyping: boolean) => {
      if (chatId === undefined) return;
      const now = Date.now();
      const isDue = isTyping ? now - said.current > sayEveryMs : said.current > 0;
      if (!isDue) return;
      said.current = isTyping ? now : 0;
      sayTyping(chatId, isTyping);
    },
    [chatId],
  );
}
