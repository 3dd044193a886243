/** Staking: how much, with whom, and what that risks, before anything is signed. */

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";
import { getBalance } from "viem/actions";
import { IDLE, mint } from "../act/calls";
import { plan, staking } from "../act/plan";
import { useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Operator, Operators, Strategies } from "../api/types";
import { balance } from "../chain/node";
import { contract, useAccount, useApp } from "../state";
import { ANY_COMMITMENT, amount as shown, parse, percent } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { AmountField, SelectField } from "../ui/fields";
import { Outcome } from "../ui/outcome";
import { Card, Empty, Heading, Notice, Waiting, useToken } from "../ui/parts";
import { Accepted, RiskShown, useAccepted } from "./risk-shown";

export function Stake(props: { operator?: string | undefined }) {
  const strategies = useAsked<Strategies>("strategies");
  return (
    <>
      <Heading title="Stake">
        Idle stake cannot be slashed. Stake with an operator secures its services, and is lost in part if it is proven
        to have cheated them. Leaving takes one to two epochs of seven days.
      </Heading>
      {strategies.answer ? (
        strategies.answer.strategies.length === 0 ? (
          <Card>
            <Empty title="Nothing can be staked yet" />
          </Card>
        ) : (
          <Form
            strategies={strategies.answer}
            {...(props.operator === undefined ? {} : { operator: props.operator })}
          />
        )
      ) : (
        <Waiting failure={strategies.failure} />
      )}
    </>
  );
}

/** What an account holds of a token, and of ETH, as of the latest block. */
export function useHoldings(token: Address): { tokens?: bigint; ether?: bigint } {
  const { node, head } = useApp();
  const account = useAccount();
  const [held, set] = useState<{ tokens?: bigint; ether?: bigint }>({});
  useEffect(() => {
    let ended = false;
    if (!account) return set({});
    Promise.all([balance(node, token, account), getBalance(node, { address: account })]).then(
      ([tokens, ether]) => !ended && set({ tokens, ether }),
      // The node is away: what was known stays, and the next block asks again.
      () => undefined,
    );
    return () => {
      ended = true;
    };
  }, [node, token, account, head?.hash]);
  return held;
}

function Form(props: { strategies: Strategies; operator?: string }) {
  const { config } = useApp();
  const { strategies } = props.strategies;
  const [chosen, choose] = useState(strategies[0]?.token ?? IDLE);
  const [typed, type] = useState("");
  const [operator, setOperator] = useState(props.operator ?? IDLE);
  const operators = useAsked<Operators>("operators?limit=500");
  const risk = useAsked<Operator>(operator === IDLE ? undefined : `operators/${operator}`);
  const accepted = useAccepted(risk.answer);
  const token = useToken(chosen);
  const held = useHoldings(token.address);
  const action = useAction(() => type(""));

  const amount = parse(typed, token.decimals);
  const ready = amount !== undefined && amount > 0n && (operator === IDLE || accepted.accepted !== undefined);
  const max = operator === IDLE ? ANY_COMMITMENT : (accepted.accepted ?? 0n);
  const to = { pool: contract(config, "token-pool"), batch: contract(config, "batch"), token };
  const listed = operators.answer?.operators ?? [];
  const known = listed.some(({ address }) => address === operator) || operator === IDLE;

  return (
    <div class="columns">
      <Card title="How much, and with whom">
        <form class="form" onSubmit={(event) => event.preventDefault()}>
          {strategies.length > 1 && (
            <SelectField
              label="Token"
              value={chosen}
              set={(value) => choose(value as Address)}
              options={strategies.map((one) => [one.token, one.symbol])}
            />
          )}
          <AmountField
            label="Amount"
            unit={token.symbol}
            decimals={token.decimals}
            value={typed}
            set={type}
            max={held.tokens}
            aside={held.tokens !== undefined && `You hold ${shown(held.tokens, token.decimals)}`}
          />
          <SelectField
            label="Operator"
            value={operator}
            set={setOperator}
            options={[
              [IDLE, "Nobody: idle, never slashed"],
              ...(known ? [] : ([[operator, operator]] as [string, string][])),
              ...listed.map((one): [string, string] => [
                one.address,
                `${one.name ?? one.address} (${percent(one.commitment)} committed${one.frozen ? ", frozen" : ""})`,
              ]),
            ]}
          />
          {operator !== IDLE && <Accepted of={accepted} />}
          <ActButton
            action={action}
            size="wide"
            plan={
              ready
                ? (actor) => staking(actor, { ...to, amount, operator: operator as Address, maxCommitment: max })
                : undefined
            }
          >
            Stake
          </ActButton>
          <Outcome action={action} />
        </form>
      </Card>
      <div class="tall">
        <Card title="What you risk">
          {operator === IDLE ? (
            <Notice severity="good" title="Nothing">
              <p>No service can take idle stake. You can delegate it to an operator later.</p>
            </Notice>
          ) : risk.answer ? (
            <>
              {risk.answer.frozen && (
                <Notice severity="danger" title="Frozen">
                  <p>A fault of this operator was proven. Nothing joins its stake until the slash is settled.</p>
                </Notice>
              )}
              <RiskShown of={risk.answer} />
            </>
          ) : (
            <Waiting failure={risk.failure} />
          )}
        </Card>
      </div>
      {config.development && <Mint token={token.address} symbol={token.symbol} {...held} />}
    </div>
  );
}

/** On development chains ETH turns into the token. */
function Mint(props: { token: Address; symbol: string; ether?: bigint }) {
  const [typed, type] = useState("");
  const action = useAction(() => type(""));
  const amount = parse(typed);
  return (
    <Card title={`Get ${props.symbol}`}>
      <p class="note">This is a development chain: its token takes ETH.</p>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <AmountField
          label={`ETH to turn into ${props.symbol}`}
          unit="ETH"
          value={typed}
          set={type}
          aside={props.ether !== undefined && `You hold ${shown(props.ether, 18, 2)} ETH`}
        />
        <ActButton
          action={action}
          tone=""
          plan={amount ? async () => plan(mint(props.token, amount, props.symbol)) : undefined}
        >
          Get {props.symbol}
        </ActButton>
        <Outcome action={action} />
      </form>
    </Card>
  );
}
