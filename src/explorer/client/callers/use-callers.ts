import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import type { Caller, PendingSignIn } from '../session/caller.ts';
import type { Choice } from './selection.ts';
import { changeInWords } from './words.ts';

/** Returns the callers, and draws again when they change. */
export function useCallerList(): readonly Caller[] {
  const { callers } = useServices();
  return useSyncExternalStore(callers.subscribe, callers.list);
}

/** Returns the sign-in whose window is open. */
export function usePendingSignIn(): PendingSignIn | null {
  const { callers } = useServices();
  return useSyncExternalStore(callers.subscribe, callers.pending);
}

/** Returns which callers the next operation runs as. */
export function useChoice(): Choice {
  const { selection } = useServices();
  return useSyncExternalStore(selection.subscribe, selection.get);
}

/** Returns the time, in milliseconds since the epoch, and draws again every second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Returns the last change of the callers in words, for a live region. */
export function useAnnouncement(): string {
  const list = useCallerList();
  const before = useRef(list);
  const [text, setText] = useState('');
  useEffect(() => {
    const words = changeInWords(before.current, list);
    before.current = list;
    if (words !== '') setText(words);
  }, [list]);
  return text;
}
