/** The protocol at a glance. */

import type { Events, Strategies, Totals } from "../api/types";
import { useAsked } from "../api/use";
import { to } from "../route";
import { useApp } from "../state";
import { amount } from "../text/amounts";
import { Feed } from "../ui/feed";
import { Amount, Badge, Card, Clock, Empty, Heading, Meter, Tiles, Waiting } from "../ui/parts";

const ACTIONS = ["staking", "delegating", "queueing withdrawals", "completing withdrawals", "executing slashes", "opting in"];

export function Overview() {
  const totals = useAsked<Totals>("totals");
  const events = useAsked<Events>("events?limit=12");
  return (
    <>
      <Heading
        title="Overview"
        aside={
          <a class="button primary" href={to("stake")}>
            Stake
          </a>
        }
      >
        One pool of staked tokens that secures many services. What is at stake, with whom, and what happened last.
      </Heading>
      {totals.answer ? <Numbers of={totals.answer} /> : <Waiting failure={totals.failure} />}
      <StrategyList />
      <Card title="What happened">
        {events.answer ? <Feed events={events.answer.events} nothing="Nothing happened yet" /> : <Waiting failure={events.failure} />}
      </Card>
    </>
  );
}

function Numbers(props: { of: Totals }) {
  const { config } = useApp();
  const { staked, stakers, operators, services, openRequests, queuedWithdrawals } = props.of;
  const tokens = config.tokens.filter(({ address }) => staked.some(({ token }) => token === address));
  return (
    <Tiles
      of={[
        ...tokens.map(({ address, symbol, decimals }): [string, string, string] => {
          const of = staked.find(({ token }) => token === address)?.amount ?? "0";
          return ["Staked", amount(of, decimals, 2), symbol];
        }),
        ["Stakers", stakers],
        ["Operators", operators],
        ["Services", services],
        ["Open slash requests", openRequests],
        ["Withdrawals queued", queuedWithdrawals],
      ]}
    />
  );
}

/** What can be staked, and how much of it. */
function StrategyList() {
  const { answer, failure } = useAsked<Strategies>("strategies");
  if (!answer) return <Waiting failure={failure} />;
  const { strategies, epoch, nextEpochAt, paused } = answer;
  const stopped = ACTIONS.filter((_, bit) => (paused.flags & (1 << bit)) !== 0);
  return (
    <Card
      flush
      title="Strategies"
      aside={
        <span class="muted small">
          epoch {epoch}, the next begins <Clock at={nextEpochAt} />
        </span>
      }
    >
      {stopped.length > 0 && (
        <div class="body">
          <Badge tone="warn">
            Paused: {stopped.join(", ")} {paused.until > 0 && <>(exits go on <Clock at={paused.until} />)</>}
          </Badge>
        </div>
      )}
      {strategies.length === 0 ? (
        <Empty title="Nothing can be staked yet">The protocol's owner lists tokens.</Empty>
      ) : (
        <div class="table" tabIndex={0} role="region" aria-label="Strategies">
          <table>
            <thead>
              <tr>
                <th>Token</th>
                <th class="number">Staked</th>
                <th class="number">Owed in all</th>
                <th class="number">Cap</th>
                <th>Used</th>
                <th class="number">May leave per epoch</th>
                <th>Queued now, ready</th>
              </tr>
            </thead>
            <tbody>
              {strategies.map((one) => (
                <tr key={one.token}>
                  <td>
                    <span class="strong">{one.symbol}</span> {!one.open && <Badge tone="warn">closed</Badge>}
                    {!one.solvent && <Badge tone="bad">books do not agree</Badge>}
                    <span class="sub">{one.name}</span>
                  </td>
                  <td class="number">
                    <Amount of={one.staked} />
                  </td>
                  <td class="number">
                    <Amount of={one.owed} />
                  </td>
                  <td class="number">
                    <Amount of={one.cap} />
                  </td>
                  <td>
                    <Meter of={one.owed} whole={one.cap} label={`${amount(one.owed)} of ${amount(one.cap)} used`} />
                  </td>
                  <td class="number">{one.outflowPercent === 0 ? "all" : `${one.outflowPercent}%`}</td>
                  <td>
                    <Clock at={one.nextTurn} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
