/** All services, and one of them: what it punishes, who serves it, and what it says of itself. */

import type { Service as Answer, Services as List, Terms } from "../api/types";
import { useAsked } from "../api/use";
import { percent } from "../text/amounts";
import { moment, span } from "../text/times";
import { Amount, Badge, Card, Clock, Empty, Facts, Heading, Notice, Tiles, Waiting, Who } from "../ui/parts";

export function Services() {
  const { answer, failure } = useAsked<List>("services?limit=500");
  return (
    <>
      <Heading title="Services">
        What the stake secures. A service can take a part of an operator's stake when a fault is proven, by terms that it
        published before.
      </Heading>
      <Card flush title="All services">
        {!answer ? (
          <div class="body"><Waiting failure={failure} /></div>
        ) : answer.services.length === 0 ? (
          <Empty title="No services yet">Whoever an operator lets slash is one.</Empty>
        ) : (
          <div class="table" tabIndex={0} role="region" aria-label="Services">
            <table>
              <thead>
                <tr>
                  <th>Service</th>
                  <th class="number">Operators</th>
                  <th class="number">Stake that counts</th>
                  <th class="number">Says that corrupting it earns</th>
                </tr>
              </thead>
              <tbody>
                {answer.services.map((one) => (
                  <tr key={one.address} class="link">
                    <td>
                      <Who address={one.address} name={one.name} kind="services" />
                    </td>
                    <td class="number">{one.operators}</td>
                    <td class="number">{one.totalStake === null ? "unknown" : <Amount of={one.totalStake} />}</td>
                    <td class="number">{one.profitFromCorruption === null ? "says nothing" : <Amount of={one.profitFromCorruption} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
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
      <Heading title={name ?? "Service"}>
        <span class="mono">{address}</span>
      </Heading>
      {announced && (
        <Notice severity="warning" title="Other terms are announced">
          <p>
            They hold from {moment(announced.effectiveAt)} (<Clock at={announced.effectiveAt} />). Who does not accept them
            queues before <strong>{moment(announced.leaveBefore)}</strong>.
          </p>
        </Notice>
      )}
      <Tiles
        of={[
          ["Operators", operators.length],
          ["Stake that counts", totalStake === null ? "unknown" : <Amount of={totalStake} />],
          ...(terms ? ([["Corruption earns, it says", <Amount key="p" of={terms.profitFromCorruption} />]] as [string, preact.ComponentChildren][]) : []),
          ...(thresholds ? ([["Bond of a challenge", <Amount key="b" of={thresholds.bond} unit="ETH" />]] as [string, preact.ComponentChildren][]) : []),
        ]}
      />
      <div class="columns">
        <Members of={operators} />
        <div class="stack">
          {terms ? <TermsCard title="Terms in force" terms={terms} faults={answer.faults} /> : <Card title="Terms"><Empty title="It publishes none" /></Card>}
          {announced && <TermsCard title="Announced" terms={announced} faults={answer.faults} />}
          {thresholds && (
            <Card title="Thresholds">
              <Facts
                of={[
                  ["Stake to join", <Amount key="m" of={thresholds.minimumStake} />],
                  ...(thresholds.nextMinimumStake === thresholds.minimumStake
                    ? []
                    : ([[<>From {moment(thresholds.minimumStakeEffectiveAt)}</>, <Amount key="n" of={thresholds.nextMinimumStake} />]] as [preact.ComponentChildren, preact.ComponentChildren][])),
                  ["Shared stake counts", thresholds.acceptsShared ? "yes" : "no"],
                  ["Evidence is good for", span(thresholds.evidenceWindow)],
                  ["To answer a challenge", span(thresholds.answerWindow)],
                  ["Who may join", thresholds.admission === null ? "whoever has the stake" : <Who key="a" address={thresholds.admission} />],
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
          ...props.faults.map(({ kind, name }): [string, string] => [`A proven ${name} costs`, (wads[kind] ?? "0") === "0" ? "nothing: off" : `${percent(wads[kind] ?? "0")} of the budget`]),
          ["Of that to the challenger", percent(challengerShare)],
          ["The rest to", <Who key="r" address={recipient} />],
          ["Who may veto", resolver === null ? "nobody" : <Who key="v" address={resolver} />],
          ["Rewards it promises per year", percent(rewardRate)],
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
        <div class="table" tabIndex={0} role="region" aria-label="Who serves it">
          <table>
            <thead>
              <tr>
                <th>Operator</th>
                <th class="number">Weighs</th>
                <th>Tier</th>
                <th class="number">Takes of the stake</th>
                <th>Status</th>
              </tr>
            </thead>
            <tbody>
              {props.of.map((one) => (
                <tr key={one.address} class="link">
                  <td>
                    <Who address={one.address} name={one.name} kind="operators" />
                  </td>
                  <td class="number">
                    <Amount of={one.weight} />
                  </td>
                  <td>{one.tier === "exclusive" ? "guaranteed" : "shared"}</td>
                  <td class="number">{percent(one.takes)}</td>
                  <td>{one.frozen ? <Badge tone="bad">Frozen</Badge> : one.suspended ? <Badge tone="bad">Suspended</Badge> : <Badge tone="good">Signs</Badge>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
