// Whether the next chat is to be a temporary one: kept in the server's memory alone, and on this page.
import { create } from "zustand";

export const useTemporary = create<{ isOn: boolean }>(() => ({ isOn: false }));

export function toggleTemporary(): void {
  useTemporary.setState(({ isOn }) => ({ isOn: !isOn }));
}
