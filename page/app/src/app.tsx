/** The frame around every view. */

import { useEffect, useRef } from "preact/hooks";
import { to, useRoute } from "./route";
import { State, useApp, useNow } from "./state";
import { relative } from "./text/times";
import { Account, Wallets } from "./ui/connect";
import { Notice } from "./ui/parts";
import { Pending } from "./ui/pending";
import { Scheme } from "./ui/scheme";
import { Warnings } from "./ui/warnings";
import { Operate } from "./views/operate";
import { Operator } from "./views/operator";
import { Operators } from "./views/operators";
import { Overview } from "./views/overview";
import { Positions } from "./views/positions";
import { Receipts } from "./views/receipts";
import { Requests } from "./views/requests";
import { Risk } from "./views/risk";
import { Service, Services } from "./views/services";
import { Stake } from "./views/stake";

const GROUPS: [group: string, views: [word: string, title: string][]][] = [
  [
    "Look",
    [
      ["", "Overview"],
      ["operators", "Operators"],
      ["services", "Services"],
      ["requests", "Requests"],
      ["risk", "Risk"],
    ],
  ],
  [
    "Act",
    [
      ["stake", "Stake"],
      ["positions", "My positions"],
      ["receipts", "Receipts"],
      ["operate", "Operate"],
    ],
  ],
];

export function App() {
  return (
    <State waiting={(failure) => <Beginning failure={failure} />}>
      <Shell />
    </State>
  );
}

function Beginning(props: { failure: string | undefined }) {
  return (
    <main class="content">
      <h1>Restaking</h1>
      {props.failure === undefined ? (
        <p class="muted" role="status">
          Reading the chain …
        </p>
      ) : (
        <Notice severity="warning" title="Not ready yet" live>
          <p>{props.failure}</p>
        </Notice>
      )}
    </main>
  );
}

function Shell() {
  const words = useRoute();
  const main = useRef<HTMLElement>(null);
  const path = words.join("/");
  const first = useRef(true);
  useEffect(() => {
    // Who reads with ears hears that there is another view; who just came does not.
    if (!first.current) main.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    first.current = false;
    window.scrollTo(0, 0);
  }, [path]);
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <aside class="side">
        <div class="stick">
          <a class="brand" href={to()}>
            <img src="./icon.svg" alt="" />
            Restaking
          </a>
          <nav class="nav" aria-label="Views">
            {GROUPS.map(([group, views]) => [
              <div class="group" key={group}>
                {group}
              </div>,
              ...views.map(([word, title]) => (
                <a
                  key={word}
                  href={to(...(word === "" ? [] : [word]))}
                  {...((words[0] ?? "") === word ? { "aria-current": "page" as const } : {})}
                >
                  {title}
                </a>
              )),
            ])}
          </nav>
          <div class="foot">
            <Scheme />
          </div>
        </div>
      </aside>
      <div class="main">
        <Top />
        <main class="content" id="main" ref={main} tabIndex={-1}>
          <Pending />
          <Warnings />
          <View words={words} />
        </main>
      </div>
      <Wallets />
    </div>
  );
}

function Top() {
  const { config, head, live } = useApp();
  const now = useNow();
  return (
    <header class="top">
      <div class="block" role="status">
        <span class={`dot ${live ? "" : "away"}`} />
        {live ? (
          <span title={head && relative(head.timestamp, now)}>
            Chain {config.chainId}, block {head?.number ?? config.head.number}
          </span>
        ) : (
          <span>The node is away. What is shown is as of block {head?.number ?? config.head.number}.</span>
        )}
      </div>
      <Account />
    </header>
  );
}

function View(props: { words: string[] }) {
  const [view, of] = props.words;
  switch (view) {
    case undefined:
      return <Overview />;
    case "operators":
      return of ? <Operator key={of} address={of} /> : <Operators />;
    case "services":
      return of ? <Service key={of} address={of} /> : <Services />;
    case "requests":
      return <Requests />;
    case "risk":
      return <Risk />;
    case "stake":
      return <Stake key={of} operator={of} />;
    case "positions":
      return <Positions />;
    case "receipts":
      return <Receipts />;
    case "operate":
      return <Operate />;
    default:
      return (
        <>
          <h1 tabIndex={-1}>Nothing here</h1>
          <p>
            There is no view of this name. <a href={to()}>Overview</a>
          </p>
        </>
      );
  }
}
