/** Answers that are asked for again with every block. */

import { useEffect, useState } from "preact/hooks";
import { useApp } from "../state";
import { Unanswered, ask } from "./client";
import type { AsOf } from "./types";

/** How long to wait for an index that is behind the chain (milliseconds). */
const BEHIND = 150;
/** How long to wait for a server that does not answer. */
const AWAY = 2_000;

/** What is known of an answer: the last one stays while the next is on its way. */
export interface Asked<Answer> {
  answer?: Answer;
  failure?: Unanswered;
}

/**
 * The answer at `/api/<path>`, as of the latest block. Nothing is asked while there is no path. An answer of an earlier
 * block is shown, and asked for again until it is of this one.
 */
export function useAsked<Answer extends { asOf: AsOf }>(path: string | undefined): Asked<Answer> {
  const { head, turn } = useApp();
  const [asked, set] = useState<Asked<Answer> & { path: string | undefined }>({ path });
  const latest = head?.number ?? 0;

  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    let timer: number | undefined;
    const again = (wait: number) => {
      timer = window.setTimeout(() => void go(), wait);
    };
    const go = async () => {
      try {
        const answer = await ask<Answer>(path, stop.signal);
        if (stop.signal.aborted) return;
        set({ path, answer });
        if (answer.asOf.number < latest) again(BEHIND);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof Unanswered)) throw error;
        set((before) => ({ ...(before.path === path ? before : {}), path, failure: error }));
        if (error.code !== "not_found" && error.code !== "bad_request") again(AWAY);
      }
    };
    void go();
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [path, latest, head?.hash, turn]);

  return asked.path === path ? asked : {};
}
