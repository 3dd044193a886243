/** Who secures what, how often, and what falls with whom: as a picture, and as tables. */

import { useState } from "preact/hooks";
import type { Risk as Answer } from "../api/types";
import { useAsked } from "../api/use";
import { WAD, amount, percent, short, title } from "../text/amounts";
import { Amount, Card, Empty, Heading, Tiles, Waiting, Who } from "../ui/parts";
import { Table } from "../ui/table";

export function Risk() {
  const { answer, failure } = useAsked<Answer>("risk");
  return (
    <>
      <Heading title="Risk">
        Who secures what, how often stake is promised, and what falls with whom. Prices are one, and profits are what
        services say of themselves: nobody measured them.
      </Heading>
      {answer ? <Network of={answer} /> : <Waiting failure={failure} />}
    </>
  );
}

function Network(props: { of: Answer }) {
  const { operators, services, edges, falls, utilisation } = props.of;
  const [chosen, choose] = useState<string>();
  const total = operators.reduce((sum, { value }) => sum + BigInt(value), 0n);
  const promised = edges.reduce((sum, { takes }) => sum + BigInt(takes), 0n);
  const fall = falls.find(({ operator }) => operator === chosen);
  if (operators.length === 0) {
    return (
      <Card>
        <Empty title="Nothing is promised yet">
          Once an operator lets a service slash a part of its stake, it is shown here.
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <Tiles
        of={[
          ["At stake with operators", amount(total, 18, 2)],
          ["One fault each would take", amount(promised, 18, 2)],
          ["Stake promised to services", total === 0n ? "none" : percent((promised * WAD) / total)],
          [
            "An attack costs at least",
            utilisation === "0" ? "no profit is claimed" : `${ratio(utilisation)}`,
            utilisation === "0" ? "" : "× its profit",
          ],
        ]}
      />
      <Card title="Who secures what">
        <p class="note">
          Choose an operator to see what falls if it loses all its stake. A line is as thick as what its service can
          take: solid is guaranteed, dashed is shared.
        </p>
        <Picture
          of={props.of}
          chosen={chosen}
          choose={(one) => choose(one === chosen ? undefined : one)}
          falls={fall?.services ?? []}
        />
        <p role="status" class="small">
          {fall ? <Falls of={fall} all={props.of} /> : <span class="muted">No operator is chosen.</span>}
        </p>
      </Card>
      <div class="stack">
        <OperatorRisks of={props.of} />
        <ServiceRisks of={services} />
      </div>
    </>
  );
}

/** What an attack costs at least, for one of profit: 1 / U, rounded down. */
function ratio(utilisation: string): string {
  return amount((WAD * WAD) / BigInt(utilisation), 18, 2);
}

function nameOf(all: Answer, address: string): string {
  const operator = all.operators.find((one) => one.operator === address);
  const service = all.services.find((one) => one.service === address);
  return title(operator?.name ?? service?.name ?? short(address));
}

function Falls(props: { of: Answer["falls"][number]; all: Answer }) {
  const { operator, loses, services, lost } = props.of;
  const fallen = services.map((one) => nameOf(props.all, one)).join(", ");
  return (
    <>
      If <strong>{nameOf(props.all, operator)}</strong> fails, <Amount of={loses} /> at stake fail with it
      {services.length === 0
        ? ", and no service falls for that."
        : `, and attacks become worth it on ${fallen}: ${amount(lost)} are lost in all.`}
    </>
  );
}

/** How many of each side the picture has room for: the largest ones. The tables have all. */
const MOST = 14;
const ROW = 58;
const WIDTH = 760;

function Picture(props: {
  of: Answer;
  chosen: string | undefined;
  choose: (operator: string) => void;
  falls: string[];
}) {
  const operators = [...props.of.operators].sort((a, b) => (BigInt(b.value) > BigInt(a.value) ? 1 : -1)).slice(0, MOST);
  const services = [...props.of.services]
    .sort((a, b) => (BigInt(b.guaranteed) + BigInt(b.shared) > BigInt(a.guaranteed) + BigInt(a.shared) ? 1 : -1))
    .slice(0, MOST);
  const rows = Math.max(operators.length, services.length);
  const place = (index: number, of: number) => 22 + ROW / 2 + index * ROW + ((rows - of) * ROW) / 2;
  const [left, right] = [
    new Map(operators.map((one, index) => [one.operator as string, place(index, operators.length)])),
    new Map(services.map((one, index) => [one.service as string, place(index, services.length)])),
  ];
  const largest = props.of.edges.reduce((most, { takes }) => (BigInt(takes) > most ? BigInt(takes) : most), 1n);
  const box = 232;
  return (
    <div class="table" tabIndex={0} role="region" aria-label="Picture of who secures what">
      <svg
        class="picture"
        style={{ minWidth: "560px" }}
        viewBox={`0 0 ${WIDTH} ${rows * ROW + 28}`}
        role="group"
        aria-label="Operators at the left, the services that they secure at the right"
      >
        <text class="quiet" x="0" y="12">
          Operators, and their stake
        </text>
        <text class="quiet" x={WIDTH - box} y="12">
          Services, and what they can take
        </text>
        {props.of.edges.map(({ operator, service, tier, takes }) => {
          const [from, to] = [left.get(operator), right.get(service)];
          if (from === undefined || to === undefined) return null;
          const thick = 1.5 + 11 * (Number((BigInt(takes) * 1000n) / largest) / 1000);
          const dim = props.chosen !== undefined && props.chosen !== operator ? "dim" : "";
          const [start, end] = [box, WIDTH - box];
          const middle = (start + end) / 2;
          return (
            <path
              key={`${operator}${service}`}
              class={`edge ${tier === "exclusive" ? "exclusive" : "shared-edge"} ${dim}`}
              stroke-width={thick}
              d={`M${start} ${from} C${middle} ${from} ${middle} ${to} ${end} ${to}`}
            >
              <title>{`${nameOf(props.of, service)} can take ${amount(takes)} of ${nameOf(props.of, operator)}`}</title>
            </path>
          );
        })}
        {operators.map((one) => {
          const y = left.get(one.operator) ?? 0;
          const press = (event: KeyboardEvent) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            props.choose(one.operator);
          };
          return (
            <g
              key={one.operator}
              role="button"
              tabindex={0}
              aria-pressed={props.chosen === one.operator}
              onClick={() => props.choose(one.operator)}
              onKeyDown={press}
            >
              <rect
                class={`node ${props.chosen === one.operator ? "chosen" : ""}`}
                x="1"
                y={y - 22}
                width={box - 2}
                height="44"
                rx="9"
              />
              <text x="13" y={y - 3} font-weight="600">
                {nameOf(props.of, one.operator)}
              </text>
              <text
                class="quiet"
                x="13"
                y={y + 14}
              >{`${amount(one.value, 18, 2)} at stake, promised ${percent(one.degree, 0)}`}</text>
            </g>
          );
        })}
        {services.map((one) => {
          const y = right.get(one.service) ?? 0;
          const falls = props.falls.includes(one.service);
          return (
            <g key={one.service}>
              <rect
                class={`node ${falls ? "falls" : ""}`}
                x={WIDTH - box + 1}
                y={y - 22}
                width={box - 2}
                height="44"
                rx="9"
              />
              <text
                x={WIDTH - box + 13}
                y={y - 3}
                font-weight="600"
              >{`${nameOf(props.of, one.service)}${falls ? ": falls" : ""}`}</text>
              <text
                class="quiet"
                x={WIDTH - box + 13}
                y={y + 14}
              >{`${amount(one.guaranteed, 18, 2)} guaranteed, ${amount(one.shared, 18, 2)} shared`}</text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function OperatorRisks(props: { of: Answer }) {
  const fallen = new Map(props.of.falls.map((one) => [one.operator, one]));
  return (
    <Card flush title="Operators">
      <Table
        label="Risk of operators"
        rows={props.of.operators}
        id={(one) => one.operator}
        columns={[
          { head: "Operator", cell: (one) => <Who address={one.operator} name={one.name} kind="operators" /> },
          { head: "At stake", number: true, cell: (one) => <Amount of={one.value} /> },
          { head: "Guaranteed", number: true, cell: (one) => <Amount of={one.guaranteed} /> },
          { head: "Shared", number: true, cell: (one) => <Amount of={one.shared} /> },
          { head: "Promised", number: true, cell: (one) => percent(one.degree) },
          { head: "Lost at worst", number: true, cell: (one) => percent(one.worstLoss) },
          {
            head: "Falls with it",
            cell: (one) =>
              fallen
                .get(one.operator)
                ?.services.map((service) => nameOf(props.of, service))
                .join(", ") || <span class="muted">nothing</span>,
          },
        ]}
      />
    </Card>
  );
}

function ServiceRisks(props: { of: Answer["services"] }) {
  return (
    <Card flush title="Services">
      <Table
        label="Risk of services"
        rows={props.of}
        id={(one) => one.service}
        columns={[
          { head: "Service", cell: (one) => <Who address={one.service} name={one.name} kind="services" /> },
          { head: "Operators", number: true, cell: (one) => one.operators },
          { head: "Guaranteed", number: true, cell: (one) => <Amount of={one.guaranteed} /> },
          { head: "Shared", number: true, cell: (one) => <Amount of={one.shared} /> },
          { head: "Profit it claims", number: true, cell: (one) => <Amount of={one.profit} /> },
          { head: "Profit by cost of an attack", number: true, cell: (one) => percent(one.ratio) },
        ]}
      />
    </Card>
  );
}
