/** What became of what waits: looked at with every block. */

import { type EIP1193Provider, type Hex, pad } from "viem";
import { getLogs, getTransaction } from "viem/actions";
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

/**
 * Whether the call was made since, in a transaction of another name: contracts name who acted first in what they tell,
 * and what a multisig sends has the call of its owners in it.
 */
async function made(node: Node, config: Config, pending: Pending): Promise<boolean> {
  const address = [...Object.values(config.contracts), pending.to];
  const logs = await getLogs(node, { address, fromBlock: BigInt(pending.since + 1) });
  const topic = pad(pending.from.toLowerCase() as Hex);
  const acted = logs.filter(({ topics }) => (topics as Hex[])[1] === topic);
  for (const hash of new Set(acted.map(({ transactionHash }) => transactionHash))) {
    const { input } = await getTransaction(node, { hash });
    if (input.includes(pending.data.slice(2))) return true;
  }
  return false;
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
      else if (await made(node, config, pending)) store.settle(pending.hash, "done");
    } else {
      behind ??= await stuck(node, pending.from, pending.hash);
    }
  }
  return behind;
}
