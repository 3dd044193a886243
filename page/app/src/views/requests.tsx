/** What is disputed: slash requests, challenges and games, with their clocks and what can be done by whom. */

import { useState } from "preact/hooks";
import type { Address, Hex } from "viem";
import { type SlashRequest as Request, type Verdict, challenge, resolveChallenge, verdict } from "../act/calls";
import { plan } from "../act/plan";
import { type Action, useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Action as Can, Challenge, Game, Requests as Answer, Service, Services, SlashRequest } from "../api/types";
import { contract, useAccount, useApp, useNow } from "../state";
import { percent, title } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { SelectField, TextField } from "../ui/fields";
import { Outcome } from "../ui/outcome";
import { Amount, Card, Clock, Empty, Heading, Waiting, Who } from "../ui/parts";
import { Table } from "../ui/table";
import { equivocation } from "./evidence";

export function Requests() {
  const { answer, failure } = useAsked<Answer>("requests");
  return (
    <>
      <Heading title="Requests">
        A proven fault freezes its operator and opens a slash request. After the challenge period anyone executes it;
        until then its resolver, where it has one, may veto it.
      </Heading>
      {answer ? (
        <>
          <SlashRequests of={answer.slashRequests} title="Slash requests" />
          <Challenges of={answer.challenges} />
          {answer.games.length > 0 && <Games of={answer.games} />}
        </>
      ) : (
        <Waiting failure={failure} />
      )}
      <Accuse />
    </>
  );
}

/** How an action is called, for those that this page can do. */
const VERBS: Record<string, string> = {
  executeSlash: "Execute",
  vetoSlash: "Veto",
  closeExpiredRequest: "Close",
  resolveChallenge: "Resolve",
  answerChallenge: "Answer",
};

/** Whether somebody may do it, and from when. */
function Possible(props: { of: Can; children: (mine: boolean) => preact.ComponentChildren }) {
  const account = useAccount();
  const now = useNow();
  const { action, by, from, until } = props.of;
  if (until !== null && now > until) return null;
  // What only clears away is shown when there is something to clear.
  if (action === "closeExpiredRequest" && from !== null && now < from) return null;
  const mine = by === null || (account !== undefined && by.toLowerCase() === account.toLowerCase());
  return (
    <div class="inline small">
      {props.children(mine)}
      <span class="muted">
        {by !== null && (
          <>
            {VERBS[action] ?? action} by <Who address={by} />{" "}
          </>
        )}
        {from !== null && from > now && (
          <>
            opens <Clock at={from} />
          </>
        )}
      </span>
    </div>
  );
}

/** The same request as functions of the Slasher take it. */
function typed({ request }: SlashRequest): Request {
  const { wad, challengerShare, executableAt, pausedBefore } = request;
  return {
    ...request,
    wad: BigInt(wad),
    challengerShare: BigInt(challengerShare),
    executableAt: BigInt(executableAt),
    pausedBefore: BigInt(pausedBefore),
  };
}

export function SlashRequests(props: { of: SlashRequest[]; title: string }) {
  const { config } = useApp();
  const action = useAction();
  const slasher = contract(config, "slasher");
  return (
    <Card flush title={props.title}>
      {props.of.length === 0 ? (
        <Empty title="Nobody is to be slashed">
          Proven faults appear here, with the time they can be executed from.
        </Empty>
      ) : (
        <Table
          label={props.title}
          rows={props.of}
          id={(one) => one.requestId}
          columns={[
            { head: "No.", number: true, cell: (one) => one.requestId },
            {
              head: "Operator",
              cell: (one) => <Who address={one.request.operator} name={one.operatorName} kind="operators" />,
            },
            {
              head: "Service",
              cell: (one) => <Who address={one.request.serviceManager} name={one.serviceName} kind="services" />,
            },
            { head: "Takes of the stake", number: true, cell: (one) => percent(one.part) },
            { head: "Executable", cell: (one) => <Clock at={one.request.executableAt} /> },
            { head: "Expires", cell: (one) => <Clock at={one.expiresAt} /> },
            {
              head: "What can be done",
              cell: (one) => (
                <>
                  {one.can.map((can) => (
                    <Possible key={can.action} of={can}>
                      {(mine) =>
                        mine && (
                          <ActButton
                            action={action}
                            tone=""
                            size="tight"
                            plan={async () =>
                              plan(verdict(slasher, can.action as Verdict, BigInt(one.requestId), typed(one)))
                            }
                          >
                            {VERBS[can.action] ?? can.action}
                          </ActButton>
                        )
                      }
                    </Possible>
                  ))}
                </>
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

function Challenges(props: { of: Challenge[] }) {
  const action = useAction();
  return (
    <Card flush title="Challenges of availability">
      {props.of.length === 0 ? (
        <Empty title="No operator is asked for data" />
      ) : (
        <Table
          label="Challenges of availability"
          rows={props.of}
          id={(one) => `${one.contract}${one.challengeId}`}
          columns={[
            { head: "No.", number: true, cell: (one) => one.challengeId },
            {
              head: "Operator",
              cell: (one) => <Who address={one.operator} name={one.operatorName} kind="operators" />,
            },
            { head: "Service", cell: (one) => <Who address={one.service} name={one.serviceName} kind="services" /> },
            { head: "Leaf", number: true, cell: (one) => one.index },
            { head: "To be opened", cell: (one) => <Clock at={one.deadline} /> },
            {
              head: "What can be done",
              cell: (one) => (
                <>
                  {one.can.map((can) => (
                    <Possible key={can.action} of={can}>
                      {() => can.action === "resolveChallenge" && <Resolve of={one} action={action} />}
                    </Possible>
                  ))}
                </>
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

function Resolve(props: { of: Challenge; action: Action }) {
  const { contract: at, challengeId } = props.of;
  return (
    <ActButton
      action={props.action}
      tone=""
      size="tight"
      plan={async () => plan(resolveChallenge(at, BigInt(challengeId)))}
    >
      Resolve
    </ActButton>
  );
}

function Games(props: { of: Game[] }) {
  return (
    <Card flush title="Games about computations">
      <Table
        label="Games about computations"
        rows={props.of}
        id={(one) => `${one.contract}${one.gameId}`}
        columns={[
          { head: "No.", number: true, cell: (one) => one.gameId },
          { head: "Operator", cell: (one) => <Who address={one.operator} name={one.operatorName} kind="operators" /> },
          { head: "Challenger", cell: (one) => <Who address={one.challenger} /> },
          { head: "Steps left", number: true, cell: (one) => one.last - one.first },
          { head: "Next move until", cell: (one) => <Clock at={one.deadline} /> },
        ]}
      />
      <div class="body">
        <p class="note">
          Moves are played by the watcher and the operator's own process: see the guide of challengers.
        </p>
      </div>
    </Card>
  );
}

/** Proves that an operator gave two answers to one task. */
function Accuse() {
  const services =
    useAsked<Services>("services?limit=500").answer?.services.filter((one) => one.disputeResolution !== null) ?? [];
  const [service, setService] = useState("");
  const chosen = service === "" ? services[0]?.address : service;
  const { answer } = useAsked<Service>(chosen && `services/${chosen}`);
  const [operator, setOperator] = useState("");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const action = useAction();
  if (services.length === 0) return null;
  const evidence = first === "" || second === "" ? undefined : equivocation(first, second);
  const bond = answer?.thresholds?.bond;
  const at = answer?.disputeResolution;
  const accused = /^0x[0-9a-fA-F]{40}$/.test(operator) ? (operator as Address) : undefined;
  const ready = at && bond !== undefined && accused && evidence?.data !== undefined;
  return (
    <Card title="Prove that an operator answered twice">
      <p class="note">
        Two signed answers of one operator to one task, as <code>restake operator attest</code> writes them. The bond
        comes back if they prove it, and goes to the operator if not.
      </p>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <SelectField
          label="Service"
          value={chosen ?? ""}
          set={setService}
          options={services.map((one) => [one.address, title(one.name ?? one.address)])}
        />
        <TextField
          label="Operator"
          value={operator}
          set={setOperator}
          placeholder="0x…"
          wrong={operator !== "" && !accused ? "Not an address." : undefined}
        />
        <TextField label="First answer" lines value={first} set={setFirst} placeholder='{"task": …}' />
        <TextField
          label="Second answer"
          lines
          value={second}
          set={setSecond}
          placeholder='{"task": …}'
          wrong={evidence?.wrong}
        />
        {bond !== undefined && (
          <p class="small">
            Bond: <Amount of={bond} unit="ETH" />
          </p>
        )}
        <ActButton
          action={action}
          tone="danger"
          plan={ready ? async () => plan(challenge(at, accused, evidence?.data as Hex, BigInt(bond))) : undefined}
        >
          Challenge
        </ActButton>
        <Outcome action={action} />
      </form>
    </Card>
  );
}
