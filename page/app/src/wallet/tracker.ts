/** What became of what waits: looked at with every block. */

import { type EIP1193Provider, type Hex, pad } from "viem";
import { getLogs } from "viem/actions";
import { type Node, receipt } from "../chain/node";
import type { Config } from "../api/types";
import { type Older, stuck } from "./older";
import type { Pending, PendingStore } from "./pending";

/** What the wallet knows of something that it gave a name of its own. */
async function askedOfWallet(provider: EIP1193Provider | undefined, hash: Hex): Promise<{ status: Hex } | undefined> {
  if (!provider) return undefined;
  try {
    return ((await provider.request({ method: "eth_getTransactionReceipt", params: [hash] })) as never) ?? undefined;
  } catch {
    // A wallet that does not say: the chain's events do.
    return undefined;
  }
}

/** Whether the account has acted since: contracts name it first in what they tell. */
async function acted(node: Node, config: Config, pending: Pending): Promise<boolean> {
  const tokens = new Set<string>(config.tokens.map(({ address }) => address));
  const address = tokens.has(pending.to)
    ? [pending.to]
    : Object.values(config.contracts).filter((contract) => !tokens.has(contract));
  const logs = await getLogs(node, { address, fromBlock: BigInt(pending.since + 1) });
  const topic = pad(pending.from.toLowerCase() as Hex);
  return logs.some(({ topics }) => (topics as Hex[])[1] === topic);
}

/** Settles what is over. Returns what waits behind transactions that this chain does not have. */
export async function track(
  store: PendingStore,
  node: Node,
  config: Config,
  provider: EIP1193Provider | undefined,
): Promise<Older | undefined> {
  let behind: Older | undefined;
  for (const pending of store.all()) {
    const mined = await receipt(node, pending.hash);
    if (mined) {
      store.settle(pending.hash, mined.status === "success" ? "done" : "failed");
    } else if (pending.multisig) {
      const known = await askedOfWallet(provider, pending.hash);
      if (known) store.settle(pending.hash, Number(known.status) === 1 ? "done" : "failed");
      else if (await acted(node, config, pending)) store.settle(pending.hash, "done");
    } else {
      behind ??= await stuck(node, pending.from, pending.hash);
    }
  }
  return behind;
}
