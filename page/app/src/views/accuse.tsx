/** What an operator is accused of by whoever has what it signed: two answers to one task, or data that it must open. */

import { useState } from "preact/hooks";
import type { Address } from "viem";
import { challenge, challengeAvailability } from "../act/calls";
import { plan } from "../act/plan";
import { useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Service, ServiceSummary, Services } from "../api/types";
import { title } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { SelectField, TextField } from "../ui/fields";
import { Outcome } from "../ui/outcome";
import { Amount, Card } from "../ui/parts";
import { commitmentWrong, equivocation, unavailability } from "./evidence";

/** The forms, where there is a service that judges. */
export function Accuse() {
  const { answer } = useAsked<Services>("services?limit=500");
  const judged = answer?.services.filter((one) => one.disputeResolution !== null) ?? [];
  if (judged.length === 0) return null;
  return (
    <>
      <AnsweredTwice services={judged} />
      <AskForLeaf services={judged} />
    </>
  );
}

/** An operator of a service, where a fault of a kind is judged, and for what bond. */
function useAccused(services: ServiceSummary[], fault: "equivocation" | "unavailability") {
  const [service, setService] = useState("");
  const [typed, type] = useState("");
  const chosen = service === "" ? services[0]?.address : service;
  const { answer } = useAsked<Service>(chosen && `services/${chosen}`);
  const operator = /^0x[0-9a-fA-F]{40}$/.test(typed) ? (typed as Address) : undefined;
  const isOff = answer?.faults.some(({ name, wad }) => name === fault && wad === "0");
  const fields = (
    <>
      <SelectField
        label="Service"
        value={chosen ?? ""}
        set={setService}
        options={services.map((one) => [one.address, title(one.name ?? one.address)])}
        hint={isOff && "Its terms of now do not punish this."}
      />
      <TextField
        label="Operator"
        value={typed}
        set={type}
        placeholder="0x…"
        wrong={typed !== "" && !operator ? "Not an address." : undefined}
      />
    </>
  );
  const bond = answer?.thresholds?.bond;
  const at = answer?.disputeResolution ?? undefined;
  const accused = at && operator && bond !== undefined ? { at, operator, bond: BigInt(bond) } : undefined;
  return { fields, bond, accused };
}

function Bond(props: { of: string | undefined }) {
  return (
    <>
      {props.of !== undefined && (
        <p class="small">
          Bond: <Amount of={props.of} unit="ETH" />
        </p>
      )}
    </>
  );
}

/** Proves that an operator gave two answers to one task. */
function AnsweredTwice(props: { services: ServiceSummary[] }) {
  const { fields, bond, accused } = useAccused(props.services, "equivocation");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const action = useAction();
  const { data, wrong } = first === "" || second === "" ? {} : equivocation(first, second);
  return (
    <Card title="Prove that an operator answered twice">
      <p class="note">
        Two signed answers of one operator to one task, as <code>restake operator attest</code> writes them. The bond
        comes back if they prove it, and goes to the operator if not.
      </p>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        {fields}
        <TextField label="First answer" lines value={first} set={setFirst} placeholder='{"task": …}' />
        <TextField label="Second answer" lines value={second} set={setSecond} placeholder='{"task": …}' wrong={wrong} />
        <Bond of={bond} />
        <ActButton
          action={action}
          tone="danger"
          plan={
            accused && data ? async () => plan(challenge(accused.at, accused.operator, data, accused.bond)) : undefined
          }
        >
          Challenge
        </ActButton>
        <Outcome action={action} />
      </form>
    </Card>
  );
}

/** Asks an operator to open a leaf of data that it committed to. */
function AskForLeaf(props: { services: ServiceSummary[] }) {
  const { fields, bond, accused } = useAccused(props.services, "unavailability");
  const [commitment, setCommitment] = useState("");
  const [leaf, setLeaf] = useState("");
  const action = useAction();
  const wrong = commitment === "" ? undefined : commitmentWrong(commitment);
  const isReady = commitment !== "" && wrong === undefined && leaf !== "";
  const { data, wrong: wrongLeaf } = isReady ? unavailability(commitment, leaf) : {};
  const call = (evidence: NonNullable<typeof data>, of: NonNullable<typeof accused>) =>
    plan(challengeAvailability(of.at, of.operator, evidence, of.bond));
  return (
    <Card title="Ask an operator for data">
      <p class="note">
        What an operator signed to keep, as <code>restake operator commit</code> writes it. The bond goes to the
        operator if the leaf is opened in time; if not, it comes back, and the operator is frozen.
      </p>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        {fields}
        <TextField
          label="Commitment"
          lines
          value={commitment}
          set={setCommitment}
          placeholder='{"task": …}'
          wrong={wrong}
        />
        <TextField label="Leaf" value={leaf} set={setLeaf} placeholder="0" wrong={wrongLeaf} />
        <Bond of={bond} />
        <ActButton action={action} tone="danger" plan={accused && data ? async () => call(data, accused) : undefined}>
          Ask for the leaf
        </ActButton>
        <Outcome action={action} />
      </form>
    </Card>
  );
}
