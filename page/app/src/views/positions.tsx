/** What the connected account has at stake, on its way out, and to claim. */

import { useState } from "preact/hooks";
import type { Address } from "viem";
import { claimFunds, complete, queueFunds, withdrawBond } from "../act/calls";
import { plan } from "../act/plan";
import { type Action, useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Position, SetAside, Staker, Withdrawal } from "../api/types";
import { to } from "../route";
import { contract, useAccount, useApp } from "../state";
import { percent } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { NoWallet } from "../ui/no-wallet";
import { Outcome } from "../ui/outcome";
import { Amount, Badge, Card, Clock, Empty, Heading, type Tone, Waiting, Who } from "../ui/parts";
import { Table } from "../ui/table";
import { Delegate, Queue, Restake } from "./moving";

export function Positions() {
  const account = useAccount();
  const { answer, failure } = useAsked<Staker>(account && `stakers/${account}`);
  return (
    <>
      <Heading
        title="My positions"
        aside={
          <a class="button primary" href={to("stake")}>
            Stake more
          </a>
        }
      >
        Your stake, what is on its way out and when it arrives, and what is set aside for you.
      </Heading>
      {!account ? (
        <NoWallet />
      ) : answer ? (
        <>
          <AtStake of={answer.positions} />
          <OnTheWay of={answer.withdrawals} account={account} />
          {answer.setAside.length > 0 && <ToClaim of={answer.setAside} account={account} />}
          {answer.bonds.length > 0 && <Bonds of={answer.bonds} account={account} />}
        </>
      ) : (
        <Waiting failure={failure} />
      )}
    </>
  );
}

function AtStake(props: { of: Position[] }) {
  const [open, setOpen] = useState<string>();
  const action = useAction();
  if (props.of.length === 0) {
    return (
      <Card title="At stake">
        <Empty title="Nothing is at stake">
          <a href={to("stake")}>Stake</a> idle, or with an operator that you chose.
        </Empty>
        <Outcome action={action} />
      </Card>
    );
  }
  const key = (one: Position) => `${one.token}${one.operator}`;
  const opened = props.of.find((one) => open === key(one) || open === `delegate${key(one)}`);
  const show = (what: string | undefined) => {
    action.reset();
    setOpen(what);
  };
  const moving = { of: opened as Position, action, close: () => show(undefined) };
  return (
    <Card flush title="At stake">
      <Table
        label="At stake"
        rows={props.of}
        id={(one) => key(one)}
        columns={[
          {
            head: "With",
            cell: (one) => (
              <>
                {one.operator === null ? (
                  <span class="strong">Idle, never slashed</span>
                ) : (
                  <Who address={one.operator} name={one.operatorName} kind="operators" />
                )}{" "}
                {one.frozen && <Badge tone="bad">Frozen</Badge>}
              </>
            ),
          },
          { head: "Worth", number: true, cell: (one) => <Amount of={one.value} token={one.token} /> },
          {
            head: "Commitment",
            number: true,
            cell: (one) => (one.commitment === null ? "none" : percent(one.commitment)),
          },
          {
            head: "Actions",
            act: true,
            cell: (one) => (
              <>
                <div class="inline end">
                  {one.operator === null && (
                    <button class="tight" onClick={() => show(`delegate${key(one)}`)}>
                      Delegate
                    </button>
                  )}
                  <button class="tight" onClick={() => show(key(one))}>
                    Withdraw
                  </button>
                </div>
              </>
            ),
          },
        ]}
      />
      {opened && (
        <div class="body">
          {open?.startsWith("delegate") ? <Delegate key={open} {...moving} /> : <Queue key={open} {...moving} />}
        </div>
      )}
      <Below action={action} />
    </Card>
  );
}

const STATUS: Record<Withdrawal["status"], [tone: Tone, text: string]> = {
  leaving: ["accent", "Leaving"],
  turn: ["accent", "Waits for its turn"],
  frozen: ["bad", "Frozen"],
  ready: ["good", "Ready"],
};

function OnTheWay(props: { of: Withdrawal[]; account: Address }) {
  const { config } = useApp();
  const [open, setOpen] = useState<string>();
  const action = useAction();
  const key = (one: Withdrawal) => `${one.token}${one.operator}${one.releaseEpoch}`;
  const opened = props.of.find((one) => key(one) === open);
  const completing = ({ key: of }: Withdrawal) =>
    plan(complete(contract(config, "token-pool"), of.token, of.operator, BigInt(of.releaseEpoch), props.account));
  const restakeIt = (what: string | undefined) => {
    action.reset();
    setOpen(what);
  };
  return (
    <Card flush title="On the way out">
      {props.of.length === 0 ? (
        <Empty title="Nothing is on its way out">
          What you withdraw is released at the beginning of the epoch after next.
        </Empty>
      ) : (
        <Table
          label="On the way out"
          rows={props.of}
          id={key}
          columns={[
            {
              head: "From",
              cell: (one) =>
                one.operator === null ? (
                  <span class="strong">Idle stake</span>
                ) : (
                  <Who address={one.operator} name={one.operatorName} kind="operators" />
                ),
            },
            { head: "Pays now", number: true, cell: (one) => <Amount of={one.amount} token={one.token} /> },
            { head: "Status", cell: (one) => <Badge tone={STATUS[one.status][0]}>{STATUS[one.status][1]}</Badge> },
            { head: "Released", cell: (one) => <Clock at={one.releasableAt} /> },
            { head: "Paid from", cell: (one) => <Clock at={one.readyAt} /> },
            {
              head: "Actions",
              act: true,
              cell: (one) => (
                <div class="inline end">
                  <ActButton
                    action={action}
                    tone={one.status === "ready" ? "primary" : ""}
                    size="tight"
                    plan={async () => completing(one)}
                  >
                    Complete
                  </ActButton>
                  <button class="tight" onClick={() => restakeIt(key(one))}>
                    Stake again
                  </button>
                </div>
              ),
            },
          ]}
        />
      )}
      {opened && (
        <div class="body">
          <Restake key={open} of={opened} action={action} close={() => restakeIt(undefined)} />
        </div>
      )}
      <Below action={action} />
    </Card>
  );
}

/** How an action of a table goes on, also when its row is gone. */
function Below(props: { action: Action }) {
  if (props.action.phase.is === "idle") return null;
  return (
    <div class="body">
      <Outcome action={props.action} />
    </div>
  );
}

function ToClaim(props: { of: SetAside[]; account: Address }) {
  return (
    <Card title="Set aside for you">
      <p class="note">Your part of slashes that you proved, and commissions. It leaves no faster than stake.</p>
      {props.of.map((one) => (
        <Claim key={`${one.token}${one.releaseEpoch}`} of={one} account={props.account} />
      ))}
    </Card>
  );
}

function Claim(props: { of: SetAside; account: Address }) {
  const { config } = useApp();
  const action = useAction();
  const { token, releaseEpoch, amount, status, readyAt } = props.of;
  const [pool, epoch] = [contract(config, "token-pool"), BigInt(releaseEpoch)];
  const queues = status === "queue";
  const call = () =>
    queues ? queueFunds(pool, token, props.account, epoch) : claimFunds(pool, token, props.account, epoch);
  return (
    <div class="form">
      <div class="inline apart">
        <span>
          <Amount of={amount} token={token} />{" "}
          <span class="muted">
            {queues ? (
              "has no turn in the outflow queue yet"
            ) : (
              <>
                to claim <Clock at={readyAt} />
              </>
            )}
          </span>
        </span>
        <ActButton
          action={action}
          size="tight"
          tone={status === "waiting" ? "" : "primary"}
          plan={async () => plan(call())}
        >
          {queues ? "Take a turn" : "Claim"}
        </ActButton>
      </div>
      <Outcome action={action} />
    </div>
  );
}

function Bonds(props: { of: Staker["bonds"]; account: Address }) {
  const action = useAction();
  return (
    <Card title="Bonds">
      {props.of.map((bond) => (
        <div class="inline apart" key={bond.contract}>
          <Amount of={bond.amount} unit="ETH" />
          <ActButton action={action} size="tight" plan={async () => plan(withdrawBond(bond.contract, props.account))}>
            Withdraw
          </ActButton>
        </div>
      ))}
      <Outcome action={action} />
    </Card>
  );
}
