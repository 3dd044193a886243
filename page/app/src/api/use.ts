/** Answers that are asked for again with every block. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../state";
import { BEHIND, Unanswered, ask } from "./client";
import type { AsOf } from "./types";

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
  const { head, config } = useApp();
  const [asked, set] = useState<Asked<Answer> & { path: string | undefined }>({ path });
  const latest = useRef(0);
  const hear = useRef<(() => void) | undefined>(undefined);

  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    let timer: number | undefined;
    let [busy, heard] = [false, false];
    const go = async () => {
      window.clearTimeout(timer);
      // A question that is on its way is not taken back: where blocks are fast no answer would ever come.
      if (busy) return void (heard = true);
      [busy, heard] = [true, false];
      let wait: number | undefined;
      try {
        const answer = await ask<Answer>(path, stop.signal);
        set({ path, answer });
        if (answer.asOf.number < latest.current) wait = BEHIND;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof Unanswered)) throw error;
        set((before) => ({ ...(before.path === path ? before : {}), path, failure: error }));
        if (error.code === "indexing") wait = BEHIND;
        else if (error.code !== "not_found" && error.code !== "bad_request") wait = AWAY;
      }
      busy = false;
      if (stop.signal.aborted) return;
      if (heard) wait = BEHIND;
      if (wait !== undefined) timer = window.setTimeout(() => void go(), wait);
    };
    hear.current = () => void go();
    void go();
    return () => {
      hear.current = undefined;
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [path, config.genesis]);
  useEffect(() => {
    const first = latest.current === 0;
    latest.current = head?.number ?? 0;
    if (!first) hear.current?.();
  }, [head?.hash]);

  return asked.path === path ? asked : {};
}
