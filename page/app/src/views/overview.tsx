/** The protocol at a glance. */

import type { Events, Strategies, Totals } from "../api/types";
import { useAsked } from "../api/use";
import { to } from "../route";
import { useApp } from "../state";
import { amount } from "../text/amounts";
import { Feed } from "../ui/feed";
import { Amount, Badge, Card, Clock, Empty, Heading, Meter, Tiles, Waiting } from "../ui/parts";
import { Table } from "../ui/table";

const ACTIONS = [
  "staking",
  "delegating",
  "queueing withdrawals",
  "completing withdrawals",
  "executing slashes",
  "opting in",
];

export function Overview() {
  const totals = useAsked<Totals>("totals");
  const events = useAsked<Events>("events?limit=8");
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
        {events.answer ? (
          <Feed events={events.answer.events} nothing="Nothing happened yet" />
        ) : (
          <Waiting failure={events.failure} />
        )}
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
        ["Open requests", openRequests],
        ["Withdrawals", queuedWithdrawals],
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
            Paused: {stopped.join(", ")}{" "}
            {paused.until > 0 && (
              <>
                (exits go on <Clock at={paused.until} />)
              </>
            )}
          </Badge>
        </div>
      )}
      {strategies.length === 0 ? (
        <Empty title="Nothing can be staked yet">The protocol's owner lists tokens.</Empty>
      ) : (
        <Table
          label="Strategies"
          rows={strategies}
          id={(one) => one.token}
          columns={[
            {
              head: "Token",
              cell: (one) => (
                <>
                  <span class="strong">{one.symbol}</span> {!one.open && <Badge tone="warn">closed</Badge>}
                  {!one.solvent && <Badge tone="bad">books do not agree</Badge>}
                  <span class="sub">{one.name}</span>
                </>
              ),
            },
            { head: "Staked", number: true, cell: (one) => <Amount of={one.staked} /> },
            { head: "Owed in all", number: true, cell: (one) => <Amount of={one.owed} /> },
            { head: "Cap", number: true, cell: (one) => <Amount of={one.cap} /> },
            {
              head: "Used",
              cell: (one) => (
                <Meter of={one.owed} whole={one.cap} label={`${amount(one.owed)} of ${amount(one.cap)} used`} />
              ),
            },
            {
              head: "May leave per epoch",
              number: true,
              cell: (one) => <>{one.outflowPercent === 0 ? "all" : `${one.outflowPercent}%`}</>,
            },
            { head: "Queued now, ready", cell: (one) => <Clock at={one.nextTurn} /> },
          ]}
        />
      )}
    </Card>
  );
}
