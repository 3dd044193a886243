/**
 * A wallet may remember a development chain that began again: it then counts transactions that this chain does not
 * have, and what it sends waits for ever. Nothing on the chain shows that, so it is looked for before and after
 * sending.
 */

import { type Address, type EIP1193Provider, type Hex, hexToNumber } from "viem";
import { type Node, nonce, nonceOf } from "../chain/node";

/** What the wallet believes, and what is so. */
export interface Older {
  wallet: number;
  node: number;
}

/** What the wallet would use as next nonce, where that is beyond what the node knows of. */
export async function older(provider: EIP1193Provider, node: Node, account: Address): Promise<Older | undefined> {
  const counted: Hex = await provider.request({ method: "eth_getTransactionCount", params: [account, "latest"] });
  const [wallet, known] = [hexToNumber(counted), await nonce(node, account)];
  return wallet > known ? { wallet, node: known } : undefined;
}

/** Whether a transaction that was sent waits behind others that nobody sent: then the node does not count it. */
export async function stuck(node: Node, account: Address, hash: Hex): Promise<Older | undefined> {
  const [wallet, known] = [await nonceOf(node, hash), await nonce(node, account, "pending")];
  return wallet !== undefined && wallet > known ? { wallet, node: known } : undefined;
}

/** What to reset. */
export function whatToReset({ wallet, node }: Older): string {
  return (
    `Your wallet is at transaction ${wallet} of this account, the chain at ${node}: it remembers an older chain with ` +
    "the same id. What it sends would wait for ever. Clear its activity data for this network (in MetaMask: " +
    "Settings, Advanced, Clear activity tab data), then reload this page."
  );
}
