/** The node: what a call would do, what the chain says now, and what became of a transaction. */

import { type Address, type Client, type Hex, type TransactionReceipt, BaseError, createClient, http } from "viem";
import { getCode, getTransaction, getTransactionCount, getTransactionReceipt, readContract } from "viem/actions";
import { liquidStakingToken } from "../abi";

/** A call that somebody may send. */
export interface Call {
  /** What it does, in words. */
  what: string;
  to: Address;
  data: Hex;
  /** Wei sent along. */
  value?: bigint;
}

/** What a contract answered instead of doing it: its revert data. */
export class Refused extends Error {
  constructor(
    readonly data: Hex,
    readonly what: string,
  ) {
    super(`${what} is refused`);
  }
}

/** A block that might come. */
interface Simulated {
  calls: { status: Hex; returnData: Hex; error?: { message: string; data?: Hex } }[];
}

export type Node = Client;

export function connect(url: string): Node {
  // No contract of anybody sends the page elsewhere (ERC-3668).
  return createClient({ transport: http(url, { retryCount: 1 }), ccipRead: false });
}

/**
 * What all of `calls` would do one after another, in one block: a refusal of the last shows before the first is signed.
 * Throws {@link Refused} with what the first refused call answered.
 */
export async function simulate(node: Node, from: Address, calls: Call[]): Promise<void> {
  const request = {
    blockStateCalls: [
      { calls: calls.map(({ to, data, value }) => ({ from, to, data, value: `0x${(value ?? 0n).toString(16)}` })) },
    ],
    validation: false,
  };
  const blocks = (await node.request({
    method: "eth_simulateV1",
    params: [request as never, "latest"],
  })) as unknown as Simulated[];
  for (const [index, result] of (blocks[0]?.calls ?? []).entries()) {
    if (result.status === "0x1") continue;
    const refused = calls[index] as Call;
    const data = result.error?.data ?? result.returnData;
    if (result.error && !/revert/i.test(result.error.message)) throw new Error(result.error.message);
    throw new Refused(data, refused.what);
  }
}

/** The revert data in what viem throws, if a contract reverted. */
export function revertData(error: unknown): Hex | undefined {
  if (error instanceof Refused) return error.data;
  let found: Hex | undefined;
  const look = (candidate: unknown): boolean => {
    const data = (candidate as { data?: unknown } | null)?.data;
    const inner = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
    if (typeof inner === "string" && inner.startsWith("0x")) found = inner as Hex;
    return false;
  };
  if (error instanceof BaseError) error.walk(look);
  else look(error);
  return found;
}

/** Whether an account is a contract: it signs no permits, and its owners sign one after another. */
export async function isContract(node: Node, address: Address): Promise<boolean> {
  const code = await getCode(node, { address });
  // An account that delegated to code (EIP-7702) still signs with its key.
  return code !== undefined && code !== "0x" && !code.startsWith("0xef0100");
}

export async function allowance(node: Node, token: Address, owner: Address, spender: Address): Promise<bigint> {
  return readContract(node, {
    address: token,
    abi: liquidStakingToken,
    functionName: "allowance",
    args: [owner, spender],
  });
}

export async function balance(node: Node, token: Address, owner: Address): Promise<bigint> {
  return readContract(node, { address: token, abi: liquidStakingToken, functionName: "balanceOf", args: [owner] });
}

/** How many transactions of an account the chain has, or will have with those that can be mined next. */
export async function nonce(node: Node, address: Address, blockTag: "latest" | "pending" = "latest"): Promise<number> {
  return getTransactionCount(node, { address, blockTag });
}

/** The nonce of a transaction that the node has, mined or waiting. */
export async function nonceOf(node: Node, hash: Hex): Promise<number | undefined> {
  try {
    return (await getTransaction(node, { hash })).nonce;
  } catch {
    return undefined;
  }
}

/** The receipt of a transaction, if it is in a block. */
export async function receipt(node: Node, hash: Hex): Promise<TransactionReceipt | undefined> {
  try {
    return await getTransactionReceipt(node, { hash });
  } catch (error) {
    if (error instanceof BaseError && error.name === "TransactionReceiptNotFoundError") return undefined;
    throw error;
  }
}
