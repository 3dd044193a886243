/** One operator: what it holds, what it promised to whom, what is open against it, and what happened. */

import type { Grant, Operator as Answer } from "../api/types";
import { useAsked } from "../api/use";
import { to } from "../route";
import { percent } from "../text/amounts";
import { moment } from "../text/times";
import { Feed } from "../ui/feed";
import { Amount, Badge, Card, Clock, Empty, Facts, Heading, Notice, Tiles, Waiting, Who } from "../ui/parts";
import { Table } from "../ui/table";
import { Status } from "./operators";
import { SlashRequests } from "./requests";
import { RiskShown } from "./risk-shown";

export function Operator(props: { address: string }) {
  const { answer, failure } = useAsked<Answer>(`operators/${props.address}`);
  if (!answer) return <Waiting failure={failure} />;
  const { address, name, stake, frozenSince, queueingOpensAt, commission, grants, requests, history } = answer;
  return (
    <>
      <Heading
        title={name ?? "Operator"}
        aside={
          <div class="inline">
            <Status of={answer} />
            <a class="button primary" href={to("stake", address)}>
              Stake with this operator
            </a>
          </div>
        }
      >
        <span class="mono">{address}</span>
      </Heading>
      {frozenSince !== null && (
        <Notice severity="danger" title="Frozen: a fault was proven">
          <p>
            Since {moment(frozenSince)}. Nothing joins its stake.
            {queueingOpensAt !== null && (
              <>
                {" "}
                Withdrawals can be queued again <Clock at={queueingOpensAt} /> at the latest.
              </>
            )}
          </p>
        </Notice>
      )}
      <Tiles
        of={[
          ...stake.map(({ token, amount }): [string, preact.ComponentChildren] => [
            "Stake",
            <Amount key={token} of={amount} token={token} />,
          ]),
          ["Commitment", percent(answer.commitment)],
          ["Lost at worst", percent(answer.worstLoss)],
          ["Services", answer.services],
          ["Open requests", answer.openRequests],
        ]}
      />
      {requests.length > 0 && <SlashRequests of={requests} title="Open requests" />}
      <Grants of={grants} />
      <div class="columns">
        <Card title="History">
          <Feed events={history} nothing="Nothing happened yet" />
        </Card>
        <div class="stack">
          <Card title="What its stakers risk">
            <RiskShown of={answer} />
          </Card>
          <Card title="Commission">
            <Facts
              of={[
                ["Of rewards", percent(commission.now)],
                ...(commission.next === commission.now
                  ? []
                  : ([[<>From {moment(commission.effectiveAt)}</>, percent(commission.next)]] as [
                      preact.ComponentChildren,
                      string,
                    ][])),
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}

function Grants(props: { of: Grant[] }) {
  return (
    <Card flush title="Who may slash it">
      {props.of.length === 0 ? (
        <Empty title="Nobody">This operator lets no service slash its stake.</Empty>
      ) : (
        <Table
          label="Grants"
          rows={props.of}
          id={(grant) => grant.service}
          columns={[
            { head: "Service", cell: (grant) => <Who address={grant.service} name={grant.name} kind="services" /> },
            { head: "Tier", cell: (grant) => (grant.tier === "exclusive" ? "guaranteed" : "shared") },
            { head: "Budget left", number: true, cell: (grant) => percent(grant.budget) },
            { head: "Takes of the stake", number: true, cell: (grant) => percent(grant.takes) },
            {
              head: "Until",
              cell: (grant) => <>{grant.canSlashUntil === null ? "no end" : <Clock at={grant.canSlashUntil} />}</>,
            },
            {
              head: "Status",
              cell: (grant) => (
                <>
                  {grant.suspended ? (
                    <Badge tone="bad">Suspended</Badge>
                  ) : grant.joined ? (
                    <Badge tone="good">Serving</Badge>
                  ) : (
                    <Badge>Not serving</Badge>
                  )}
                  {grant.announced && (
                    <span class="sub">
                      +{percent(grant.announced.raise)} <Clock at={grant.announced.effectiveAt} />
                    </span>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
