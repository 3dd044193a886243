/** Serving: registers with a service, is weighed again, and leaves it. */

import { useState } from "preact/hooks";
import type { Address } from "viem";
import { binding, pasted, registering } from "../act/binding";
import { deregister, updateStakes } from "../act/calls";
import { type Plan, plan } from "../act/plan";
import { useAction } from "../act/use-action";
import type { Grant, Service } from "../api/types";
import { useApp } from "../state";
import { amount } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { TextField } from "../ui/fields";
import { Outcome } from "../ui/outcome";
import { Badge, Card, Facts } from "../ui/parts";

export function Join(props: { service: Address; account: Address; grant: Grant | undefined; of: Service }) {
  const { config, contract: isCode } = useApp();
  const action = useAction();
  const [elsewhere, setElsewhere] = useState("");
  const { registry, thresholds, operators } = props.of;
  if (registry === null) return null;
  const joined = props.grant?.joined ?? false;
  const weight = operators.find(({ address }) => address === props.account)?.weight ?? "0";
  const other = elsewhere.trim() === "" ? undefined : pasted(registry, elsewhere.trim());
  return (
    <Card
      title="Serve"
      aside={
        joined && (
          <Badge tone={props.grant?.suspended ? "bad" : "good"}>
            {props.grant?.suspended ? "Suspended" : "Serving"}
          </Badge>
        )
      }
    >
      <Facts
        of={[
          ["Stake that you need", thresholds ? amount(thresholds.minimumStake) : "unknown"],
          ["You weigh", amount(weight)],
        ]}
      />
      {joined ? (
        <div class="inline">
          <ActButton action={action} tone="" plan={async () => plan(updateStakes(registry, [props.account]))}>
            Weigh me again
          </ActButton>
          <ActButton action={action} tone="danger" plan={async () => plan(deregister(registry))}>
            Leave the service
          </ActButton>
        </div>
      ) : (
        <form class="form" onSubmit={(event) => event.preventDefault()}>
          <TextField
            label="Signing key elsewhere (may be left empty)"
            value={elsewhere}
            set={setElsewhere}
            wrong={other?.wrong}
            hint={
              isCode
                ? "A contract wallet signs no answers: name a key and its proof."
                : "Left empty, this account signs answers. Else the key's address, and its signature of the binding."
            }
          />
          <details>
            <summary>What a key elsewhere signs</summary>
            <p class="note">
              Typed data (EIP-712), with <code>cast wallet sign --data</code> or whatever keeps the key:
            </p>
            <code class="block">{JSON.stringify(binding(config.chainId, props.service, props.account))}</code>
          </details>
          <ActButton
            action={action}
            plan={
              other
                ? other.plan
                  ? async () => other.plan as Plan
                  : undefined
                : isCode
                  ? undefined
                  : (actor) => registering(actor, props.service, registry)
            }
          >
            Register
          </ActButton>
        </form>
      )}
      <Outcome action={action} />
    </Card>
  );
}
