/** What touches the connected account's stake, before anything else. */

import { useAsked } from "../api/use";
import type { Staker, Warning } from "../api/types";
import { useAccount } from "../state";
import { moment } from "../text/times";
import { Clock, Notice } from "./parts";
import { to, useRoute } from "../route";

const TITLES: Record<Warning["severity"], string> = {
  danger: "Your stake is touched",
  warning: "Your risk becomes larger",
  notice: "Good to know",
};

export function Warnings() {
  const account = useAccount();
  const [here] = useRoute();
  const { answer } = useAsked<Staker>(account && `stakers/${account}`);
  const warnings = answer?.warnings ?? [];
  const severities = (Object.keys(TITLES) as Warning["severity"][]).filter((one) =>
    warnings.some(({ severity }) => severity === one),
  );
  if (severities.length === 0) return null;
  return (
    <section class="stack close" aria-label="What touches your stake">
      {severities.map((one) => (
        <Notice
          key={one}
          severity={one}
          title={TITLES[one]}
          aside={here === "positions" ? undefined : <a href={to("positions")}>Your positions</a>}
        >
          {warnings
            .filter(({ severity }) => severity === one)
            .map((warning, index) => (
              <Sentence key={`${index}${warning.about}`} of={warning} />
            ))}
        </Notice>
      ))}
    </section>
  );
}

function Sentence(props: { of: Warning }) {
  const { sentence, leaveBefore } = props.of;
  return (
    <>
      <p class="sentence">{sentence}</p>
      {leaveBefore !== null && (
        <p>
          Last moment to leave: <strong>{moment(leaveBefore)}</strong> (<Clock at={leaveBefore} />)
        </p>
      )}
    </>
  );
}
