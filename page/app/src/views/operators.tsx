/** All operators: what they hold, and which part of that services may take. */

import { useState } from "preact/hooks";
import type { Operators as Answer, OperatorSummary } from "../api/types";
import { useAsked } from "../api/use";
import { percent } from "../text/amounts";
import { Amount, Badge, Card, Commitment, CommitmentLegend, Empty, Heading, Waiting, Who } from "../ui/parts";
import { Table } from "../ui/table";

const PAGE = 50;

export function Operators() {
  const [pages, setPages] = useState<string[]>([]);
  const after = pages.at(-1);
  const { answer, failure } = useAsked<Answer>(
    `operators?limit=${PAGE}${after ? `&after=${encodeURIComponent(after)}` : ""}`,
  );
  return (
    <>
      <Heading title="Operators">
        Whom you can stake with. The bar says which part of the stake services may take: what is guaranteed is one
        service's alone, what is shared may be taken by several.
      </Heading>
      <Card flush title="By stake" aside={answer && answer.operators.length > 0 && <CommitmentLegend />}>
        {answer ? (
          <List of={answer.operators} />
        ) : (
          <div class="body">
            <Waiting failure={failure} />
          </div>
        )}
        {answer && (answer.after !== null || pages.length > 0) && (
          <div class="body inline">
            <button disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>
              Larger stakes
            </button>
            <button
              disabled={answer.after === null}
              onClick={() => answer.after !== null && setPages([...pages, answer.after])}
            >
              Smaller stakes
            </button>
          </div>
        )}
      </Card>
    </>
  );
}

export function Status(props: { of: { frozen: boolean; announced: string; services: number } }) {
  const { frozen, announced, services } = props.of;
  if (frozen) return <Badge tone="bad">Frozen</Badge>;
  if (announced !== "0") return <Badge tone="warn">Raise announced</Badge>;
  return services > 0 ? <Badge tone="good">Serving</Badge> : <Badge>Not serving</Badge>;
}

function List(props: { of: OperatorSummary[] }) {
  if (props.of.length === 0)
    return (
      <Empty title="No operators yet">Whoever lets a service slash a part of its stake is one: see Operate.</Empty>
    );
  return (
    <Table
      label="Operators"
      rows={props.of}
      id={(one) => one.address}
      columns={[
        { head: "Operator", cell: (one) => <Who address={one.address} name={one.name} kind="operators" /> },
        { head: "Status", cell: (one) => <Status of={one} /> },
        {
          head: "Stake",
          number: true,
          cell: (one) => (
            <>
              {one.stake.length === 0
                ? "0"
                : one.stake.map(({ token, amount }) => (
                    <div key={token}>
                      <Amount of={amount} token={token} />
                    </div>
                  ))}
            </>
          ),
        },
        { head: "Promised", cell: (one) => <Commitment of={one} /> },
        { head: "Commitment", number: true, cell: (one) => percent(one.commitment) },
        { head: "Lost at worst", number: true, cell: (one) => percent(one.worstLoss) },
        { head: "Services", number: true, cell: (one) => one.services },
      ]}
    />
  );
}
