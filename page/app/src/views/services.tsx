/** All services, and one of them: what it punishes, who serves it, and what it says of itself. */

import type { Service as Answer, Services as List, Terms } from "../api/types";
import { useAsked } from "../api/use";
import { percent, title } from "../text/amounts";
import { moment, span } from "../text/times";
import { Amount, Badge, Card, Clock, Empty, Facts, Heading, Notice, Tiles, Waiting, Who } from "../ui/parts";
import { Table } from "../ui/table";

export function Services() {
  const { answer, failure } = useAsked<List>("services?limit=500");
  return (
    <>
      <Heading title="Services">
        What the stake secures. A service can take a part of an operator's stake when a fault is proven, by terms that
        it published before.
      </Heading>
      <Card flush title="All services">
        {!answer ? (
          <div class="body">
            <Waiting failure={failure} />
          </div>
        ) : answer.services.length === 0 ? (
          <Empty title="No services yet">Whoever an operator lets slash is one.</Empty>
        ) : (
          <Table
            label="Services"
            rows={answer.services}
            id={(one) => one.address}
            columns={[
              { head: "Service", cell: (one) => <Who address={one.address} name={one.name} kind="services" /> },
              { head: "Operators", number: true, cell: (one) => one.operators },
              {
                head: "Stake that counts",
                number: true,
                cell: (one) => <>{one.totalStake === null ? "unknown" : <Amount of={one.totalStake} />}</>,
              },
              {
                head: "Says that corrupting it earns",
                number: true,
                cell: (one) => (
                  <>{one.profitFromCorruption === null ? "says nothing" : <Amount of={one.profitFromCorruption} />}</>
                ),
              },
            ]}
          />
        )}
      </Card>
    </>
  );
}

export function Service(props: { address: string }) {
  const { answer, failure } = useAsked<Answer>(`services/${props.address}`);
  if (!answer) return <Waiting failure={failure} />;
  const { address, name, terms, announced, totalStake, operators, thresholds } = answer;
  return (
    <>
      <Heading title={title(name ?? "Service")}>
        <span class="mono">{address}</span>
      </Heading>
      {announced && (
        <Notice severity="warning" title="Other terms are announced">
          <p>
            They hold from {moment(announced.effectiveAt)} (<Clock at={announced.effectiveAt} />
            ). Who does not accept them queues before <strong>{moment(announced.leaveBefore)}</strong>.
          </p>
        </Notice>
      )}
      <Tiles
        of={[
          ["Operators", operators.length],
          ["Stake that counts", totalStake === null ? "unknown" : <Amount of={totalStake} />],
          ...(terms
            ? ([["Corruption earns, it says", <Amount key="p" of={terms.profitFromCorruption} />]] as [
                string,
                preact.ComponentChildren,
              ][])
            : []),
          ...(thresholds
            ? ([["Bond of a challenge", <Amount key="b" of={thresholds.bond} unit="ETH" />]] as [
                string,
                preact.ComponentChildren,
              ][])
            : []),
        ]}
      />
      <div class="columns">
        <Members of={operators} />
        <div class="stack">
          {terms ? (
            <TermsCard title="Terms in force" terms={terms} faults={answer.faults} />
          ) : (
            <Card title="Terms">
              <Empty title="It publishes none" />
            </Card>
          )}
          {announced && <TermsCard title="Announced" terms={announced} faults={answer.faults} />}
          {thresholds && (
            <Card title="Thresholds">
              <Facts
                of={[
                  ["Stake to join", <Amount key="m" of={thresholds.minimumStake} />],
                  ...(thresholds.nextMinimumStake === thresholds.minimumStake
                    ? []
                    : ([
                        [
                          <>From {moment(thresholds.minimumStakeEffectiveAt)}</>,
                          <Amount key="n" of={thresholds.nextMinimumStake} />,
                        ],
                      ] as [preact.ComponentChildren, preact.ComponentChildren][])),
                  ["Shared stake", thresholds.acceptsShared ? "counts" : "does not count"],
                  ["Evidence is good", span(thresholds.evidenceWindow)],
                  ["Time to answer", span(thresholds.answerWindow)],
                  [
                    "Who may join",
                    thresholds.admission === null ? (
                      "whoever has stake"
                    ) : (
                      <Who key="a" address={thresholds.admission} />
                    ),
                  ],
                ]}
              />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}

function TermsCard(props: { title: string; terms: Terms; faults: Answer["faults"] }) {
  const { wads, challengerShare, rewardRate, recipient, resolver } = props.terms;
  return (
    <Card title={props.title}>
      <Facts
        of={[
          ...props.faults.map(({ kind, name }): [string, string] => [
            `${name.charAt(0).toUpperCase()}${name.slice(1)} costs`,
            (wads[kind] ?? "0") === "0" ? "nothing: off" : `${percent(wads[kind] ?? "0")} of the budget`,
          ]),
          ["The challenger's part", percent(challengerShare)],
          ["The rest goes to", <Who key="r" address={recipient} />],
          ["Who may veto", resolver === null ? "nobody" : <Who key="v" address={resolver} />],
          ["Rewards a year, it says", percent(rewardRate)],
        ]}
      />
    </Card>
  );
}

function Members(props: { of: Answer["operators"] }) {
  return (
    <Card flush title="Who serves it">
      {props.of.length === 0 ? (
        <Empty title="Nobody yet">Operators opt in, and register: see Operate.</Empty>
      ) : (
        <Table
          label="Who serves it"
          rows={props.of}
          id={(one) => one.address}
          columns={[
            { head: "Operator", cell: (one) => <Who address={one.address} name={one.name} kind="operators" /> },
            { head: "Weighs", number: true, cell: (one) => <Amount of={one.weight} /> },
            { head: "Tier", cell: (one) => (one.tier === "exclusive" ? "guaranteed" : "shared") },
            { head: "Takes of the stake", number: true, cell: (one) => percent(one.takes) },
            {
              head: "Status",
              cell: (one) =>
                one.frozen ? (
                  <Badge tone="bad">Frozen</Badge>
                ) : one.suspended ? (
                  <Badge tone="bad">Suspended</Badge>
                ) : (
                  <Badge tone="good">Signs</Badge>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}
