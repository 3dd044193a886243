/** What is disputed: slash requests, challenges and games, with their clocks and what can be done by whom. */

import { type SlashRequest as Request, type Verdict, verdict } from "../act/calls";
import { plan } from "../act/plan";
import { useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Game, Requests as Answer, SlashRequest } from "../api/types";
import { contract, useApp } from "../state";
import { percent } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { Outcome } from "../ui/outcome";
import { Card, Clock, Empty, Heading, Waiting, Who } from "../ui/parts";
import { Possible, VERBS } from "../ui/possible";
import { Table } from "../ui/table";
import { Accuse } from "./accuse";
import { Challenges } from "./challenges";

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
