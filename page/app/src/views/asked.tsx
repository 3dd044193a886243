/** What a service's challengers ask of the connected operator, before it is too late. */

import type { Address } from "viem";
import type { Requests } from "../api/types";
import { useAsked } from "../api/use";
import { to } from "../route";
import { moment } from "../text/times";
import { Clock, Notice } from "../ui/parts";

export function AskedOf(props: { operator: Address }) {
  const { answer } = useAsked<Requests>("requests");
  const asked = answer?.challenges.filter(({ operator }) => operator === props.operator) ?? [];
  if (asked.length === 0) return null;
  return (
    <Notice severity="danger" title="You are asked for data" aside={<a href={to("requests")}>Open it</a>}>
      {asked.map((one) => (
        <p key={`${one.contract}${one.challengeId}`}>
          Leaf {one.index} of what you committed to, until <strong>{moment(one.deadline)}</strong> (
          <Clock at={one.deadline} />
          ). Who does not open it is frozen.
        </p>
      ))}
    </Notice>
  );
}
