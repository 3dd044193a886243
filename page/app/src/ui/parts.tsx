/** Small things that every view shows the same way. */

import type { ComponentChildren } from "preact";
import type { Unanswered } from "../api/client";
import { to } from "../route";
import { useApp, useNow } from "../state";
import { amount, part, percent, short, title } from "../text/amounts";
import { moment, relative } from "../text/times";

/** A title, what the view is for, and what can be done beside it. */
export function Heading(props: { title: ComponentChildren; children?: ComponentChildren; aside?: ComponentChildren }) {
  return (
    <div class="heading">
      <div>
        <h1 tabIndex={-1}>{props.title}</h1>
        {props.children && <p>{props.children}</p>}
      </div>
      {props.aside}
    </div>
  );
}

export function Card(props: {
  title?: ComponentChildren;
  aside?: ComponentChildren;
  children: ComponentChildren;
  flush?: boolean;
}) {
  return (
    <section class="card">
      {props.title && (
        <header>
          <h2>{props.title}</h2>
          {props.aside}
        </header>
      )}
      {props.flush ? props.children : <div class="body">{props.children}</div>}
    </section>
  );
}

/** What is shown where there is nothing, and what to do about it. */
export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{props.title}</strong>
      {props.children && <span>{props.children}</span>}
    </div>
  );
}

export function Tiles(props: { of: [name: string, value: ComponentChildren, unit?: string][] }) {
  return (
    <dl class="tiles">
      {props.of.map(([name, value, unit]) => (
        <div class="tile" key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {unit && <small>{unit}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Facts(props: { of: [name: ComponentChildren, value: ComponentChildren][] }) {
  return (
    <dl class="facts">
      {props.of.map(([name, value], index) => [<dt key={`n${index}`}>{name}</dt>, <dd key={`v${index}`}>{value}</dd>])}
    </dl>
  );
}

/** An account by its name, where one is known, and by its address. */
export function Who(props: { address: string; name?: string | null; kind?: "operators" | "services" }) {
  const inner = (
    <>
      {props.name && <span class="label">{title(props.name)}</span>}
      <span class={props.name ? "mono small" : "mono label"} title={props.address}>
        {short(props.address)}
      </span>
    </>
  );
  return props.kind ? (
    <a class="who" href={to(props.kind, props.address)}>
      {inner}
    </a>
  ) : (
    <span class="who">{inner}</span>
  );
}

/** A token of the suite. */
export function useToken(address: string) {
  const { tokens } = useApp().config;
  const token = tokens.find((one) => one.address.toLowerCase() === address.toLowerCase());
  return (
    token ?? { address: address as `0x${string}`, symbol: short(address), name: address, decimals: 18, permit: false }
  );
}

export function Amount(props: { of: string | bigint; token?: string; unit?: string }) {
  const token = useToken(props.token ?? "");
  const [decimals, unit] = props.token === undefined ? [18, props.unit] : [token.decimals, token.symbol];
  return (
    <span class="nowrap" title={`${props.of} base units`}>
      {amount(props.of, decimals)} {unit && <span class="muted">{unit}</span>}
    </span>
  );
}

/** A moment, and how far away it is. */
export function Clock(props: { at: number }) {
  const now = useNow();
  return (
    <time class="clock" dateTime={new Date(props.at * 1000).toISOString()} title={moment(props.at)}>
      {relative(props.at, now)}
    </time>
  );
}

export type Tone = "good" | "warn" | "bad" | "accent";

export function Badge(props: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${props.tone ?? ""}`}>{props.children}</span>;
}

/** A part of a whole. */
export function Meter(props: { of: string | bigint; whole: string | bigint; label: string }) {
  return (
    <div class="bar" role="img" aria-label={props.label}>
      <span class="used" style={{ width: `${part(props.of, props.whole) * 100}%` }} />
    </div>
  );
}

/** What of an operator's stake services may take, as parts of its magnitude. */
export function Commitment(props: {
  of: { guaranteed: string; shared: string; announced: string; magnitude: string; commitment: string };
}) {
  const { guaranteed, shared, announced, magnitude } = props.of;
  const whole = [BigInt(magnitude), BigInt(guaranteed) + BigInt(shared) + BigInt(announced)].reduce((a, b) =>
    a > b ? a : b,
  );
  const parts = `${percent(guaranteed)} guaranteed, ${percent(shared)} shared, ${percent(announced)} announced`;
  const said = `${percent(props.of.commitment)} committed: ${parts}`;
  const piece = (kind: string, of: string) => <span class={kind} style={{ width: `${part(of, whole) * 100}%` }} />;
  return (
    <div class="bar" role="img" aria-label={said} title={said}>
      {piece("guaranteed", guaranteed)}
      {piece("shared", shared)}
      {piece("announced", announced)}
    </div>
  );
}

export function CommitmentLegend() {
  return (
    <div class="legend">
      <span>
        <i class="guaranteed" />
        guaranteed: one service's alone
      </span>
      <span>
        <i class="shared" />
        shared: several may take it
      </span>
      <span>
        <i class="announced" />
        announced: not in force yet
      </span>
    </div>
  );
}

const SHAPES = {
  danger: "M8 1.5 15 14H1Z M8 6v3.4 M8 11.4v.2",
  warning: "M8 1.5 15 14H1Z M8 6v3.4 M8 11.4v.2",
  notice: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z M8 7v4 M8 4.6v.2",
  good: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z M5 8.2l2.2 2.2L11.2 6",
};

/** Something to know before anything else. */
export function Notice(props: {
  severity: keyof typeof SHAPES;
  title: ComponentChildren;
  children?: ComponentChildren;
  aside?: ComponentChildren;
  live?: boolean;
}) {
  return (
    <div class={`notice ${props.severity}`} {...(props.live ? { role: "status" } : {})}>
      <svg
        width="18"
        height="18"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d={SHAPES[props.severity]} />
      </svg>
      <div>
        <div class="title">{props.title}</div>
        {props.children}
      </div>
      {props.aside}
    </div>
  );
}

/** What is shown until there is an answer, and if there is none. */
export function Waiting(props: { failure?: Unanswered | undefined }) {
  return props.failure && props.failure.code !== "indexing" ? (
    <Notice severity="warning" title="No answer">
      <p>{props.failure.message}</p>
    </Notice>
  ) : (
    <p class="muted" role="status">
      Reading the chain …
    </p>
  );
}
