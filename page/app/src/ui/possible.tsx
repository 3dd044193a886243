/** What can be done with something that is open: whether it can now, and who may. */

import type { Action } from "../api/types";
import { useAccount, useNow } from "../state";
import { Clock, Who } from "./parts";

/** How an action is called, for those that this page can do. */
export const VERBS: Record<string, string> = {
  executeSlash: "Execute",
  vetoSlash: "Veto",
  closeExpiredRequest: "Close",
  resolveChallenge: "Resolve",
  answerChallenge: "Answer",
};

/** Whether somebody may do it, and from when. */
export function Possible(props: { of: Action; children: (mine: boolean) => preact.ComponentChildren }) {
  const account = useAccount();
  const now = useNow();
  const { action, by, from, until } = props.of;
  if (until !== null && now > until) return null;
  // What only clears away is shown when there is something to clear.
  if (action === "closeExpiredRequest" && from !== null && now < from) return null;
  const mine = by === null || (account !== undefined && by.toLowerCase() === account.toLowerCase());
  return (
    <div class="inline small">
      {props.children(mine)}
      <span class="muted">
        {by !== null && (
          <>
            {VERBS[action] ?? action} by <Who address={by} />{" "}
          </>
        )}
        {from !== null && from > now && (
          <>
            opens <Clock at={from} />
          </>
        )}
      </span>
    </div>
  );
}
