/** An action on its way: tried, signed, mined, or refused with the sentence of the command line. */

import { useCallback, useState } from "preact/hooks";
import { explain } from "../api/client";
import { revertData, simulate } from "../chain/node";
import { useApp, useNow } from "../state";
import { older, whatToReset } from "../wallet/older";
import { declined, send } from "../wallet/session";
import type { Actor, Plan } from "./plan";

/** How far an action is. */
export type Phase =
  | { is: "idle" }
  | { is: "trying" }
  | { is: "signing"; what: string; step: number; steps: number }
  | { is: "mining"; what: string; step: number; steps: number; multisig: boolean }
  | { is: "done"; what: string }
  | { is: "refused"; name: string | null; sentence: string; sent: string }
  | { is: "failed"; message: string };

export interface Action {
  phase: Phase;
  /** Whether something is under way that a second click must not begin again. */
  busy: boolean;
  run: (plan: (actor: Actor) => Promise<Plan>) => Promise<void>;
  reset: () => void;
}

/** What became of an action before it went no further. */
interface Sent {
  /** The steps that are done. */
  done: string[];
  /** The step that is in a block and did nothing. */
  vain?: string;
}

/** The same as a sentence. */
function whatWasSent({ done, vain }: Sent): string {
  const before = done.length === 0 ? "" : `Done before: ${done.join(", ")}. `;
  if (vain !== undefined) return `${before}${vain} is in a block, and did nothing.`;
  return `${before}Nothing ${done.length === 0 ? "" : "else "}was sent.`;
}

/** What a wallet or a node said, as a sentence. */
function said(error: unknown, sent: Sent): string {
  if (declined(error)) return `Declined in the wallet. ${whatWasSent(sent)}`;
  const { shortMessage, details, message } = error as { shortMessage?: string; details?: string; message?: string };
  return details ?? shortMessage ?? message ?? String(error);
}

/** An action; `done` is called once all of it is in blocks. */
export function useAction(done?: () => void): Action {
  const { node, connection, contract, config, head, pending } = useApp();
  const now = useNow();
  const [phase, setPhase] = useState<Phase>({ is: "idle" });

  const refuse = async (error: unknown, sent: Sent) => {
    const data = revertData(error);
    if (data === undefined) return setPhase({ is: "failed", message: said(error, sent) });
    try {
      setPhase({ is: "refused", ...(await explain(data)), sent: whatWasSent(sent) });
    } catch (unexplained) {
      setPhase({ is: "failed", message: `Refused (${data}). ${said(unexplained, sent)}` });
    }
  };

  const run = async (planned: (actor: Actor) => Promise<Plan>) => {
    if (!connection) return;
    const from = connection.account;
    const sent: Sent = { done: [] };
    setPhase({ is: "trying" });
    try {
      const remembered = await older(connection.wallet.provider, node, from);
      if (remembered) throw new Error(whatToReset(remembered));
      const { rehearsal, steps } = await planned({ node, connection, contract, chainId: config.chainId, now });
      await simulate(node, from, rehearsal);
      for (const [index, { what, call: prepare }] of steps.entries()) {
        const at = { what, step: index + 1, steps: steps.length };
        setPhase({ is: "signing", ...at });
        const call = await prepare();
        const hash = await send(connection, call);
        const outcome = pending.outcome(hash);
        const { to, data } = call;
        pending.add({ hash, what: call.what, from, to, data, since: head?.number ?? 0, multisig: contract });
        setPhase({ is: "mining", ...at, multisig: contract });
        const became = await outcome;
        if (became === "forgotten") return setPhase({ is: "idle" });
        if (became === "failed") {
          sent.vain = call.what;
          // What is refused now says most likely why it was.
          await simulate(node, from, [call]);
          throw new Error(whatWasSent(sent));
        }
        sent.done.push(call.what);
      }
      setPhase({ is: "done", what: steps.at(-1)?.what ?? "" });
      done?.();
    } catch (error) {
      await refuse(error, sent);
    }
  };

  const reset = useCallback(() => setPhase({ is: "idle" }), []);
  return { phase, busy: phase.is === "trying" || phase.is === "signing" || phase.is === "mining", run, reset };
}
