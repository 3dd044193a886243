/** Forms that move stake: delegate what is idle, queue what leaves, stake again what left. */

import { useState } from "preact/hooks";
import type { Address } from "viem";
import { IDLE, delegate, queue, restake } from "../act/calls";
import { plan } from "../act/plan";
import type { Action } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Operator, Operators, Position, Withdrawal } from "../api/types";
import { contract, useApp } from "../state";
import { ANY_COMMITMENT, parse, percent, sharesOf } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { AmountField, Form, SelectField } from "../ui/fields";
import { useToken } from "../ui/parts";
import { Accepted, RiskShown, useAccepted } from "./risk-shown";

/** An amount of a position that was typed, as shares. */
function useShares(position: Position) {
  const token = useToken(position.token);
  const [typed, type] = useState("");
  const amount = parse(typed, token.decimals);
  const enough = amount !== undefined && amount > 0n && amount <= BigInt(position.value);
  const field = (label: string) => (
    <AmountField
      label={label}
      unit={token.symbol}
      decimals={token.decimals}
      value={typed}
      set={type}
      max={BigInt(position.value)}
      hint={amount !== undefined && amount > BigInt(position.value) ? "More than there is." : undefined}
    />
  );
  return { field, shares: enough ? sharesOf(position, amount) : undefined };
}

/** Chooses an operator, and shows what it risks. */
function useChosen(exclude?: string | null) {
  const listed = useAsked<Operators>("operators?limit=500").answer?.operators ?? [];
  const [operator, setOperator] = useState<string>("");
  const risk = useAsked<Operator>(operator === "" || operator === IDLE ? undefined : `operators/${operator}`);
  const accepted = useAccepted(risk.answer);
  const max = operator === IDLE ? ANY_COMMITMENT : operator === "" ? undefined : accepted.accepted;
  const field = (label: string, idle: boolean) => (
    <>
      <SelectField
        label={label}
        value={operator}
        set={setOperator}
        options={[
          ["", "Choose …"],
          ...(idle ? ([[IDLE, "Nobody: idle, never slashed"]] as [string, string][]) : []),
          ...listed
            .filter(({ address }) => address !== exclude)
            .map((one): [string, string] => [
              one.address,
              `${one.name ?? one.address} (${percent(one.commitment)} committed)`,
            ]),
        ]}
      />
      {risk.answer && <RiskShown of={risk.answer} />}
      <Accepted of={accepted} />
    </>
  );
  return { field, operator: operator as Address, max };
}

/** What a form is about, how its action goes on when the form is gone, and what closes it. */
interface Moving<Of> {
  of: Of;
  action: Action;
  close: () => void;
}

export function Delegate(props: Moving<Position>) {
  const { config } = useApp();
  const { field, shares } = useShares(props.of);
  const chosen = useChosen();
  const ready = shares !== undefined && chosen.max !== undefined;
  const call = () =>
    plan(delegate(contract(config, "token-pool"), props.of.token, chosen.operator, shares ?? 0n, chosen.max ?? 0n));
  return (
    <Form
      title="Delegate idle stake"
      close={props.close}
      button={
        <ActButton action={props.action} plan={ready ? async () => call() : undefined}>
          Delegate now
        </ActButton>
      }
    >
      {field("Amount")}
      {chosen.field("To", false)}
    </Form>
  );
}

export function Queue(props: Moving<Position>) {
  const { config } = useApp();
  const { field, shares } = useShares(props.of);
  const operator = props.of.operator ?? IDLE;
  const call = () => plan(queue(contract(config, "token-pool"), props.of.token, operator, shares ?? 0n));
  return (
    <Form
      title={`Withdraw from ${props.of.operator === null ? "idle stake" : (props.of.operatorName ?? "this operator")}`}
      close={props.close}
      button={
        <ActButton action={props.action} plan={shares === undefined ? undefined : async () => call()}>
          Queue the withdrawal
        </ActButton>
      }
    >
      {field("Amount")}
      <p class="note">
        It is released at the beginning of the epoch after next. For one full epoch it can still be slashed for what its
        operator did before.
      </p>
    </Form>
  );
}

export function Restake(props: Moving<Withdrawal>) {
  const { config } = useApp();
  const chosen = useChosen();
  const { token, operator, releaseEpoch } = props.of.key;
  const call = () =>
    plan(
      restake(contract(config, "token-pool"), token, operator, BigInt(releaseEpoch), chosen.operator, chosen.max ?? 0n),
    );
  return (
    <Form
      title="Stake the withdrawal again"
      close={props.close}
      button={
        <ActButton action={props.action} plan={chosen.max === undefined ? undefined : async () => call()}>
          Stake it again
        </ActButton>
      }
    >
      {chosen.field("With", true)}
    </Form>
  );
}
