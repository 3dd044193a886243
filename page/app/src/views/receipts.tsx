/** Receipts: deposit for them, redeem them, and claim what redemptions own. */

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";
import { readContract } from "viem/actions";
import { liquidRestakingToken } from "../abi";
import { claimRedemption, deposit, redeem, stakeIdle } from "../act/calls";
import { paid, plan } from "../act/plan";
import { useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Redemption, Staker } from "../api/types";
import { contract, useAccount, useApp } from "../state";
import { WAD, amount as shown, parse } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { AmountField } from "../ui/fields";
import { NoWallet } from "../ui/no-wallet";
import { Outcome } from "../ui/outcome";
import { Amount, Card, Clock, Empty, Heading, Tiles, Waiting, Who, useToken } from "../ui/parts";
import { Table } from "../ui/table";
import { useHoldings } from "./stake";

export function Receipts() {
  const account = useAccount();
  const { answer, failure } = useAsked<Staker>(account && `stakers/${account}`);
  return (
    <>
      <Heading title="Receipts">
        A receipt is a part of a vault that restakes with several operators by published weights. It can be sent and
        traded; who redeems it gets its part of everything in kind.
      </Heading>
      {!account ? (
        <NoWallet />
      ) : answer ? (
        <Held of={answer.receipts} account={account} />
      ) : (
        <Waiting failure={failure} />
      )}
    </>
  );
}

function Held(props: { of: Staker["receipts"]; account: Address }) {
  const { token, balance, worth, exitWorth, rate, exitRate, redemptions } = props.of;
  const symbol = useSymbol(token);
  return (
    <>
      <Tiles
        of={[
          ["You hold", shown(balance), symbol],
          ["Worth", <Amount key="w" of={worth} />],
          ["With pending slashes", <Amount key="e" of={exitWorth} />],
          ["Rate", shown(rate, 18, 6)],
          ["Rate for who leaves now", shown(exitRate, 18, 6)],
        ]}
      />
      <div class="pair">
        <Deposit receipt={token} symbol={symbol} rate={BigInt(rate)} account={props.account} />
        <Redeem receipt={token} symbol={symbol} balance={BigInt(balance)} exitRate={BigInt(exitRate)} />
      </div>
      <Redemptions of={redemptions} />
    </>
  );
}

/** What a receipt calls itself. */
function useSymbol(receipt: Address): string {
  const { node } = useApp();
  const [symbol, set] = useState("receipts");
  useEffect(() => {
    const read = readContract(node, { address: receipt, abi: liquidRestakingToken, functionName: "symbol" });
    // Without its name it is called a receipt.
    void read.then(set, () => undefined);
  }, [node, receipt]);
  return symbol;
}

/** A hundredth of a percent less than what is shown: rewards may stream in between. */
function least(amount: bigint): bigint {
  return amount - amount / 10_000n;
}

function Deposit(props: { receipt: Address; symbol: string; rate: bigint; account: Address }) {
  const { config } = useApp();
  const [typed, type] = useState("");
  const action = useAction(() => type(""));
  const idle = useAction();
  const token = useToken(contract(config, "liquid-staking-token"));
  const held = useHoldings(token.address);
  const amount = parse(typed, token.decimals);
  const shares = amount !== undefined && props.rate > 0n ? (amount * WAD) / props.rate : undefined;
  const vault = contract(config, "restaking-vault");
  return (
    <Card title="Deposit">
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <AmountField
          label="Deposit"
          unit={token.symbol}
          value={typed}
          set={type}
          max={held.tokens}
          aside={held.tokens !== undefined && `You hold ${shown(held.tokens)}`}
          hint={shares ? `Brings at least ${shown(least(shares))} ${props.symbol}.` : undefined}
        />
        <ActButton
          action={action}
          plan={
            amount && shares
              ? (actor) =>
                  paid(actor, token, vault, amount, deposit(props.receipt, amount, props.account, least(shares)))
              : undefined
          }
        >
          Deposit
        </ActButton>
        <Outcome action={action} />
        <div class="inline">
          <ActButton
            action={idle}
            tone="plain"
            plan={async () => plan(stakeIdle(contract(config, "restaking-weights")))}
          >
            Have idle tokens of the vault staked
          </ActButton>
        </div>
        <Outcome action={idle} />
      </form>
    </Card>
  );
}

function Redeem(props: { receipt: Address; symbol: string; balance: bigint; exitRate: bigint }) {
  const [typed, type] = useState("");
  const action = useAction(() => type(""));
  const shares = parse(typed);
  const worth = shares === undefined ? undefined : (shares * props.exitRate) / WAD;
  return (
    <Card title="Redeem">
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <AmountField
          label="Redeem"
          unit={props.symbol}
          value={typed}
          set={type}
          max={props.balance}
          aside={`You hold ${shown(props.balance)}`}
          hint={
            worth
              ? `Worth at least ${shown(least(worth))} with all pending slashes. Idle tokens are paid at once.`
              : undefined
          }
        />
        <ActButton
          action={action}
          plan={
            shares && worth !== undefined ? async () => plan(redeem(props.receipt, shares, least(worth))) : undefined
          }
        >
          Redeem
        </ActButton>
        <Outcome action={action} />
      </form>
    </Card>
  );
}

function Redemptions(props: { of: Redemption[] }) {
  const { config } = useApp();
  const action = useAction();
  const desk = contract(config, "redemption-desk");
  return (
    <Card flush title="Redemptions on their way">
      {props.of.length === 0 ? (
        <Empty title="No redemption is on its way">
          What is idle is paid at once; the rest appears here until it is paid.
        </Empty>
      ) : (
        <Table
          label="Redemptions on their way"
          rows={props.of}
          id={(one) => one.id}
          columns={[
            { head: "No.", number: true, cell: (one) => one.id },
            { head: "Receipts", number: true, cell: (one) => <Amount of={one.shares} /> },
            { head: "Paid at once", number: true, cell: (one) => <Amount of={one.paid} /> },
            { head: "Claimed since", number: true, cell: (one) => <Amount of={one.claimed} /> },
            {
              head: "On its way",
              cell: (one) => (
                <>
                  {one.parts.map((part, index) => (
                    <div key={index} class="small">
                      <Who address={part.operator} kind="operators" />{" "}
                      {part.readyAt === null ? "waits to be queued" : <Clock at={part.readyAt} />}
                    </div>
                  ))}
                </>
              ),
            },
            {
              head: "Actions",
              act: true,
              cell: (one) => (
                <ActButton
                  action={action}
                  tone=""
                  size="tight"
                  plan={async () => plan(claimRedemption(desk, BigInt(one.id)))}
                >
                  Claim
                </ActButton>
              ),
            },
          ]}
        />
      )}
      {action.phase.is !== "idle" && (
        <div class="body">
          <Outcome action={action} />
        </div>
      )}
    </Card>
  );
}
