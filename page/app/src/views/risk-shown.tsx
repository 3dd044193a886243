/** What stake with an operator risks, as it was shown: the commitment that is accepted with it. */

import { useEffect, useState } from "preact/hooks";
import type { Operator } from "../api/types";
import { percent } from "../text/amounts";
import { Clock, Commitment, Facts, Notice, Who } from "../ui/parts";

/**
 * The highest commitment that somebody accepts: the one that was shown first. One that rises meanwhile has to be
 * accepted; one that falls needs no word.
 */
export function useAccepted(of: { address: string; commitment: string } | undefined) {
  const [shown, setShown] = useState<{ address: string; commitment: bigint }>();
  const now = of && { address: of.address, commitment: BigInt(of.commitment) };
  useEffect(() => {
    if (!now) return setShown(undefined);
    if (shown?.address !== now.address || now.commitment < shown.commitment) setShown(now);
  }, [now?.address, now?.commitment]);
  const accepted = shown !== undefined && shown.address === now?.address ? shown.commitment : now?.commitment;
  const rose = now !== undefined && accepted !== undefined && now.commitment > accepted ? now.commitment : undefined;
  return { accepted, rose, accept: () => now && setShown(now) };
}

/** What is accepted, and whether it rose since it was shown. */
export function Accepted(props: { of: ReturnType<typeof useAccepted> }) {
  const { accepted, rose, accept } = props.of;
  if (accepted === undefined) return null;
  return (
    <>
      <p class="small">
        You accept a commitment of at most <strong data-test="accepted">{percent(accepted)}</strong>, as it was shown to
        you. If the operator promises more before your transaction is mined, nothing is staked.
      </p>
      {rose !== undefined && (
        <Notice
          severity="warning"
          title={`The commitment rose to ${percent(rose)}`}
          live
          aside={
            <button type="button" class="tight" onClick={accept}>
              Accept {percent(rose)}
            </button>
          }
        >
          <p>It was {percent(accepted)} when you looked.</p>
        </Notice>
      )}
    </>
  );
}

/** What an operator's stakers risk. */
export function RiskShown(props: { of: Operator }) {
  const { guaranteed, shared, announced, commitment, degree, worstLoss, grants, magnitude } = props.of;
  const kinds = grants.filter(({ budget, pending }) => budget !== "0" || pending !== "0");
  return (
    <>
      <Commitment of={props.of} />
      <Facts
        of={[
          ["Commitment", <strong key="c">{percent(commitment)}</strong>],
          ["Guaranteed to one service each", percent(guaranteed)],
          ["Shared by several", percent(shared)],
          ["Announced, not in force", percent(announced)],
          ["Promised, of the stake", percent(degree)],
          ["Lost at worst, of the stake", <strong key="w">{percent(worstLoss)}</strong>],
          ...(magnitude === String(10n ** 18n)
            ? []
            : ([["Left after slashes", percent(magnitude)]] as [string, string][])),
        ]}
      />
      {kinds.length > 0 && (
        <ul class="stack" style={{ gap: "6px" }}>
          {kinds.map((grant) => (
            <li key={grant.service} class="small">
              <Who address={grant.service} name={grant.name} kind="services" /> may take {percent(grant.takes)}{" "}
              <span class="muted">({grant.tier === "exclusive" ? "guaranteed" : "shared"})</span>
              {grant.announced && (
                <>
                  , {percent(grant.announced.raise)} more <Clock at={grant.announced.effectiveAt} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
