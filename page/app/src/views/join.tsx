/** Serving: registers with a service, signs with another key, is weighed again, and leaves it. */

import { useState } from "preact/hooks";
import type { Address } from "viem";
import { type Naming, binding, pasted, registering } from "../act/binding";
import { deregister, register, rotateKey, updateStakes } from "../act/calls";
import { plan } from "../act/plan";
import { type Action, useAction } from "../act/use-action";
import type { Grant, Service } from "../api/types";
import { useApp } from "../state";
import { amount } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { TextField } from "../ui/fields";
import { Outcome } from "../ui/outcome";
import { Badge, Card, Facts } from "../ui/parts";

export function Join(props: { service: Address; account: Address; grant: Grant | undefined; of: Service }) {
  const action = useAction();
  const { registry, thresholds, operators } = props.of;
  if (registry === null) return null;
  const joined = props.grant?.joined ?? false;
  const weight = operators.find(({ address }) => address === props.account)?.weight ?? "0";
  const here = { service: props.service, account: props.account, registry, action };
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
        <>
          <div class="inline">
            <ActButton action={action} tone="" plan={async () => plan(updateStakes(registry, [props.account]))}>
              Weigh me again
            </ActButton>
            <ActButton action={action} tone="danger" plan={async () => plan(deregister(registry))}>
              Leave the service
            </ActButton>
          </div>
          <Rotate {...here} />
        </>
      ) : (
        <Register {...here} />
      )}
      <Outcome action={action} />
    </Card>
  );
}

/** With which service, and how it goes on. */
interface Here {
  service: Address;
  account: Address;
  registry: Address;
  action: Action;
}

/** A key elsewhere, as somebody pastes it. */
function useKey({ service, account, registry }: Here, naming: Naming) {
  const { config } = useApp();
  const [typed, type] = useState("");
  const text = typed.trim();
  const read = text === "" ? undefined : pasted(naming, registry, text);
  const field = (label: string, hint: string) => (
    <>
      <TextField label={label} value={typed} set={type} wrong={read?.wrong} hint={hint} />
      <details>
        <summary>What a key elsewhere signs</summary>
        <p class="note">
          Typed data (EIP-712), with <code>cast wallet sign --data</code> or whatever keeps the key:
        </p>
        <code class="block">{JSON.stringify(binding(config.chainId, service, account))}</code>
      </details>
    </>
  );
  const named = read?.plan;
  return { field, isEmpty: text === "", plan: named && (async () => named) };
}

function Register(props: Here) {
  const { contract: isCode } = useApp();
  const key = useKey(props, register);
  // A contract wallet has no key of its own.
  const own = key.isEmpty && !isCode;
  return (
    <form class="form" onSubmit={(event) => event.preventDefault()}>
      {key.field(
        "Signing key elsewhere (may be left empty)",
        isCode
          ? "A contract wallet signs no answers: name a key and its proof."
          : "Left empty, this account signs answers. Else the key's address, and its signature of the binding.",
      )}
      <ActButton
        action={props.action}
        plan={own ? (actor) => registering(actor, props.service, props.registry) : key.plan}
      >
        Register
      </ActButton>
    </form>
  );
}

function Rotate(props: Here) {
  const key = useKey(props, rotateKey);
  return (
    <form class="form" onSubmit={(event) => event.preventDefault()}>
      {key.field(
        "Another signing key",
        "Its address, and its signature of the binding. What the key before it signed still accuses you.",
      )}
      <ActButton action={props.action} tone="" plan={key.plan}>
        Sign with it
      </ActButton>
    </form>
  );
}
