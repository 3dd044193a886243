/** An action as a plan: what it would do in all, to try before anything is signed, and its steps in their order. */

import { type Address, type Hex, numberToHex, parseSignature } from "viem";
import { readContract } from "viem/actions";
import { liquidStakingToken } from "../abi";
import { type Call, type Node, allowance } from "../chain/node";
import type { Connection } from "../wallet/session";
import { type Permit, approve, stake, stakeWithPermit } from "./calls";

/** A step: what is signed for it is asked when its turn comes. */
export interface Step {
  what: string;
  call: () => Promise<Call>;
}

export interface Plan {
  /** The same, as calls that need no signature, to be tried together. */
  rehearsal: Call[];
  steps: Step[];
}

/** The calls of a plan that signs nothing but transactions. */
export function plan(...calls: Call[]): Plan {
  return { rehearsal: calls, steps: calls.map((call) => ({ what: call.what, call: async () => call })) };
}

/** How long a permit can be used (seconds). */
const PERMIT_SECONDS = 1_800;

/** Who acts, and how the chain is asked. */
export interface Actor {
  node: Node;
  connection: Connection;
  /** Whether it is a contract: it signs no permits. */
  contract: boolean;
  chainId: number;
  /** The chain's time. */
  now: number;
}

/** `calls` by which `spender` takes `amount` of a token, behind the approval that they need. */
export async function paid(
  { node, connection }: Actor,
  token: { address: Address; symbol: string },
  spender: Address,
  amount: bigint,
  call: Call,
): Promise<Plan> {
  const allowed = await allowance(node, token.address, connection.account, spender);
  return allowed >= amount ? plan(call) : plan(approve(token.address, spender, amount, token.symbol), call);
}

/** What {@link staking} stakes. */
export interface Stake {
  pool: Address;
  batch: Address;
  token: { address: Address; symbol: string; name: string; permit: boolean };
  amount: bigint;
  operator: Address;
  maxCommitment: bigint;
}

/**
 * A stake: at once where the vault may take the tokens already, with a permit where the token takes permits and the
 * account has a key, else behind an approval.
 */
export async function staking(actor: Actor, of: Stake): Promise<Plan> {
  const { pool, batch, token, amount, operator, maxCommitment } = of;
  const call = stake(pool, token.address, amount, operator, maxCommitment);
  const approved = await paid(actor, token, pool, amount, call);
  if (approved.steps.length === 1 || actor.contract || !token.permit) return approved;
  const permitted = async () => {
    const permit = await sign(actor, token, pool, amount);
    return stakeWithPermit(batch, token.address, amount, operator, maxCommitment, permit);
  };
  return {
    rehearsal: approved.rehearsal,
    steps: [{ what: "Sign a permit for exactly this, and stake", call: permitted }],
  };
}

/** Has the wallet sign a permit (ERC-2612). */
async function sign(actor: Actor, token: Stake["token"], spender: Address, value: bigint): Promise<Permit> {
  const { node, connection, chainId, now } = actor;
  const owner = connection.account;
  const nonce = await readContract(node, {
    address: token.address,
    abi: liquidStakingToken,
    functionName: "nonces",
    args: [owner],
  });
  const deadline = BigInt(now + PERMIT_SECONDS);
  const field = (name: string, type: string) => ({ name, type });
  const typed = {
    types: {
      EIP712Domain: [
        field("name", "string"),
        field("version", "string"),
        field("chainId", "uint256"),
        field("verifyingContract", "address"),
      ],
      Permit: [
        field("owner", "address"),
        field("spender", "address"),
        field("value", "uint256"),
        field("nonce", "uint256"),
        field("deadline", "uint256"),
      ],
    },
    primaryType: "Permit",
    domain: { name: token.name, version: "1", chainId: numberToHex(chainId), verifyingContract: token.address },
    message: { owner, spender, value: String(value), nonce: String(nonce), deadline: String(deadline) },
  };
  const signature: Hex = await connection.wallet.provider.request({
    method: "eth_signTypedData_v4",
    params: [owner, JSON.stringify(typed)],
  });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: 27 + yParity, r, s };
}
