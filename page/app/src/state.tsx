/** What every view knows: where the contracts are, the latest block, the wallet, and what waits in it. */

import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { Address } from "viem";
import { Unanswered, ask } from "./api/client";
import type { Config } from "./api/types";
import { type Head, follow } from "./chain/heads";
import { type Node, connect as connectNode, isContract } from "./chain/node";
import { type Wallet, discover } from "./wallet/discovery";
import { type Older, older } from "./wallet/older";
import { PendingStore } from "./wallet/pending";
import { type Connection, connect, enter, forget, resume, watch } from "./wallet/session";

/** How long to wait before a server that does not answer is asked again (milliseconds). */
const AGAIN = 2_000;

export interface App {
  config: Config;
  node: Node;
  /** The latest block, once the node told of one. */
  head: Head | undefined;
  /** Whether the node is there. */
  live: boolean;
  pending: PendingStore;
  wallets: Wallet[];
  connection: Connection | undefined;
  /** Whether the connected account is a contract. */
  contract: boolean;
  /** Whether the wallet remembers an older chain. */
  older: Older | undefined;
  connect: (wallet: Wallet) => Promise<void>;
  disconnect: () => void;
  /** Has the wallet change to the chain of the contracts. */
  enter: () => Promise<void>;
}

const Context = createContext<App | undefined>(undefined);

/** The state of the page, in every view. */
export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error("no state here");
  return app;
}

/** The connected account, or the zero address. */
export function useAccount(): Address | undefined {
  return useApp().connection?.account;
}

/** The address of a contract of the suite. */
export function contract(config: Config, name: string): Address {
  const address = config.contracts[name];
  if (!address) throw new Error(`the deployment has no ${name}`);
  return address;
}

/** Where the contracts are: asked for until the server answers about the chain whose first block is `genesis`. */
function useConfig(genesis: string | undefined): { config?: Config; failure?: string } {
  const [known, set] = useState<{ config?: Config; failure?: string }>({});
  useEffect(() => {
    let timer: number | undefined;
    let ended = false;
    const again = (failure: string) => {
      set((before) => ({ ...before, failure }));
      timer = window.setTimeout(() => void go(), AGAIN);
    };
    const go = async () => {
      try {
        const config = await ask<Config>("config");
        if (ended) return;
        if (genesis === undefined || config.genesis === genesis) set({ config });
        else again("The chain began again, and the server of this page has not read it yet.");
      } catch (error) {
        if (!ended) again(error instanceof Unanswered ? error.message : String(error));
      }
    };
    void go();
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, [genesis]);
  // What is known of another chain is not shown, and nobody acts on it.
  if (genesis === undefined || known.config?.genesis === genesis) return known;
  return known.failure === undefined ? {} : { failure: known.failure };
}

/** The node: its latest block, its first one, and whether it is there. */
function useHead(url: string | undefined) {
  const [head, setHead] = useState<Head>();
  const [genesis, setGenesis] = useState<string>();
  const [live, setLive] = useState(false);
  useEffect(
    () => (url === undefined ? undefined : follow(url, { head: setHead, genesis: setGenesis, there: setLive })),
    [url],
  );
  return { head, genesis, live };
}

/** The wallets that there are, and the one that is connected. */
function useWallet(chain: { id: number; rpcUrl: string } | undefined) {
  const [wallets, setWallets] = useState<Wallet[]>([]);
  const [connection, setConnection] = useState<Connection>();

  useEffect(() => discover(setWallets), []);
  useEffect(() => {
    if (connection || wallets.length === 0) return;
    void resume(wallets).then((found) => found && setConnection(found));
  }, [wallets]);
  useEffect(() => connection && watch(connection, setConnection), [connection]);

  const id = chain?.id;
  const rpcUrl = chain?.rpcUrl;
  const enterChain = useCallback(
    async (of: Connection | undefined) => {
      if (!of || id === undefined || rpcUrl === undefined || of.chainId === id) return;
      await enter(of.wallet.provider, { id, name: `Restaking ${id}`, rpcUrl });
      setConnection({ ...of, chainId: Number(await of.wallet.provider.request({ method: "eth_chainId" })) });
    },
    [id, rpcUrl],
  );
  const connectTo = useCallback(async (wallet: Wallet) => setConnection(await connect(wallet)), []);
  const disconnect = useCallback(() => {
    forget();
    setConnection(undefined);
  }, []);
  const enterIt = useCallback(() => enterChain(connection), [enterChain, connection]);
  return { wallets, connection, connect: connectTo, disconnect, enter: enterIt };
}

/** What the chain says about the connected account itself. */
function useAccountFacts(
  node: Node | undefined,
  connection: Connection | undefined,
  head: Head | undefined,
  id?: number,
) {
  const [isCode, setIsCode] = useState(false);
  const [remembered, setRemembered] = useState<Older>();
  const account = connection?.account;
  useEffect(() => {
    setIsCode(false);
    if (node && account) void isContract(node, account).then(setIsCode, () => undefined);
  }, [node, account]);
  useEffect(() => {
    let ended = false;
    const tell = (is: Older | undefined) => {
      if (!ended) setRemembered(is);
    };
    if (!node || !connection || connection.chainId !== id) tell(undefined);
    else older(connection.wallet.provider, node, connection.account).then(tell, () => undefined);
    return () => {
      ended = true;
    };
    // A wallet is asked once, and while it is wrong with every block: it may be reset beside the page.
  }, [node, connection, id, remembered && head?.hash]);
  return { contract: isCode, older: remembered };
}

/** Gives `children` the state, once there is one; `waiting` is shown before. */
export function State(props: { children: ComponentChildren; waiting: (failure?: string) => ComponentChildren }) {
  const [wsUrl, setWsUrl] = useState<string>();
  const { head, genesis: first, live } = useHead(wsUrl);
  const { config, failure } = useConfig(first);
  useEffect(() => setWsUrl((before) => config?.wsUrl ?? before), [config?.wsUrl]);
  const rpcUrl = config?.rpcUrl;
  const node = useMemo(() => (rpcUrl === undefined ? undefined : connectNode(rpcUrl)), [rpcUrl]);
  const id = config?.chainId;
  const genesis = config?.genesis;
  const pending = useMemo(
    () => (id === undefined || genesis === undefined ? undefined : new PendingStore(id, genesis)),
    [id, genesis],
  );
  const wallet = useWallet(config && { id: config.chainId, rpcUrl: config.rpcUrl });
  const facts = useAccountFacts(node, wallet.connection, head, id);
  if (!config || !node || !pending) return <>{props.waiting(failure)}</>;
  const app: App = { config, node, head, live, pending, ...wallet, ...facts };
  return <Context.Provider value={app}>{props.children}</Context.Provider>;
}

/** The chain's time, counted on from its latest block. */
export function useNow(): number {
  const { head, config } = useApp();
  const timestamp = head?.timestamp ?? config.head.timestamp;
  const [since, setSince] = useState(0);
  useEffect(() => {
    const began = Date.now();
    setSince(0);
    const timer = window.setInterval(() => setSince(Math.floor((Date.now() - began) / 1000)), 1_000);
    return () => window.clearInterval(timer);
  }, [timestamp, head?.hash]);
  return timestamp + since;
}
