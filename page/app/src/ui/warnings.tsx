/** What touches the connected account's stake, before anything else. */

import { useAsked } from "../api/use";
import type { Staker, Warning } from "../api/types";
import { useAccount } from "../state";
import { moment } from "../text/times";
import { Clock, Notice } from "./parts";
import { to, useRoute } from "../route";

export function Warnings() {
  const account = useAccount();
  const { answer } = useAsked<Staker>(account && `stakers/${account}`);
  const warnings = answer?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <section class="stack" aria-label="What touches your stake" style={{ gap: "10px" }}>
      {warnings.map((warning, index) => (
        <One key={`${index}${warning.about}`} of={warning} />
      ))}
    </section>
  );
}

function One(props: { of: Warning }) {
  const [here] = useRoute();
  const { sentence, severity, leaveBefore } = props.of;
  const title =
    severity === "danger"
      ? "Your stake is touched"
      : severity === "warning"
        ? "Your risk becomes larger"
        : "Good to know";
  return (
    <Notice
      severity={severity}
      title={title}
      aside={here === "positions" ? undefined : <a href={to("positions")}>Your positions</a>}
    >
      <p>{sentence}</p>
      {leaveBefore !== null && (
        <p>
          Last moment to leave: <strong>{moment(leaveBefore)}</strong> (<Clock at={leaveBefore} />)
        </p>
      )}
    </Notice>
  );
}
