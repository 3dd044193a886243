/** What waits in wallets, and what a wallet remembers that is not so; shown in every view. */

import { useEffect, useState } from "preact/hooks";
import { useApp } from "../state";
import { type Older, whatToReset } from "../wallet/older";
import { track } from "../wallet/tracker";
import { Notice } from "./parts";

/** How often what waits is looked at while no block comes (milliseconds). */
const QUIET = 4_000;

export function Pending() {
  const { pending, node, config, connection, head, older } = useApp();
  const [all, setAll] = useState(() => pending.all());
  const [over, setOver] = useState(() => pending.over());
  const [behind, setBehind] = useState<Older>();
  const provider = connection?.wallet.provider;

  useEffect(() => {
    const look = () => {
      setAll(pending.all());
      setOver([...pending.over()]);
    };
    look();
    return pending.listen(look);
  }, [pending]);
  useEffect(() => {
    if (all.length === 0) return setBehind(undefined);
    let ended = false;
    const look = async () => {
      try {
        const found = await track(pending, node, config, provider);
        if (!ended) setBehind(found);
      } catch {
        // The node is away: the top of the page says so, and it is asked again.
      }
    };
    void look();
    const timer = window.setInterval(() => void look(), QUIET);
    return () => {
      ended = true;
      window.clearInterval(timer);
    };
  }, [all.length, head?.hash, pending, node, provider]);

  const remembered = older ?? behind;
  return (
    <>
      {remembered && (
        <Notice severity="warning" title="Your wallet remembers an older chain" live>
          <p>{whatToReset(remembered)}</p>
        </Notice>
      )}
      {over.map(({ what, outcome }, index) => (
        <Notice
          key={index}
          severity={outcome === "done" ? "good" : "warning"}
          title={outcome === "done" ? `Done: ${what}` : `In a block, and did nothing: ${what}`}
          live
          aside={
            <button class="tight" onClick={() => pending.seen()}>
              Close
            </button>
          }
        />
      ))}
      {all.map(({ hash, what, multisig }) => (
        <Notice
          key={hash}
          severity="notice"
          title={multisig ? `Waits for signatures: ${what}` : `On its way: ${what}`}
          aside={
            <button class="tight" onClick={() => pending.settle(hash, "forgotten")}>
              Forget
            </button>
          }
        >
          <p class="small muted mono">{hash.slice(0, 18)}…</p>
        </Notice>
      ))}
    </>
  );
}
