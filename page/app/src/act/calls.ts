/** What people do, as calls of contracts. Nothing is signed here. */

import { type Address, type Hex, encodeFunctionData } from "viem";
import {
  batch,
  disputeResolution,
  liquidRestakingToken,
  liquidStakingToken,
  redemptionDesk,
  registry,
  restakingWeights,
  slasher,
  tokenPool,
} from "../abi";
import type { Call } from "../chain/node";

/** Nobody: stake with it is idle. */
export const IDLE: Address = "0x0000000000000000000000000000000000000000";

/** A permit (ERC-2612) that was signed. */
export interface Permit {
  deadline: bigint;
  v: number;
  r: Hex;
  s: Hex;
}

/** A slash request as its event published it: who executes, vetoes or closes it gives it again. */
export interface SlashRequest {
  operator: Address;
  serviceManager: Address;
  wad: bigint;
  exclusive: boolean;
  challenger: Address;
  challengerShare: bigint;
  recipient: Address;
  resolver: Address;
  executableAt: bigint;
  pausedBefore: bigint;
}

export function approve(token: Address, spender: Address, amount: bigint, symbol: string): Call {
  const data = encodeFunctionData({ abi: liquidStakingToken, functionName: "approve", args: [spender, amount] });
  return { what: `Let the protocol take this ${symbol}`, to: token, data };
}

export function mint(token: Address, value: bigint, symbol: string): Call {
  const data = encodeFunctionData({ abi: liquidStakingToken, functionName: "deposit" });
  return { what: `Turn ETH into ${symbol}`, to: token, data, value };
}

export function stake(pool: Address, token: Address, amount: bigint, operator: Address, maxCommitment: bigint): Call {
  const args = [token, amount, operator, maxCommitment] as const;
  return { what: "Stake", to: pool, data: encodeFunctionData({ abi: tokenPool, functionName: "stake", args }) };
}

export function stakeWithPermit(
  to: Address,
  token: Address,
  amount: bigint,
  operator: Address,
  maxCommitment: bigint,
  permit: Permit,
): Call {
  const args = [token, amount, operator, maxCommitment, permit.deadline, permit.v, permit.r, permit.s] as const;
  return { what: "Stake", to, data: encodeFunctionData({ abi: batch, functionName: "stakeWithPermit", args }) };
}

export function delegate(pool: Address, token: Address, operator: Address, shares: bigint, max: bigint): Call {
  const args = [token, operator, shares, max] as const;
  return { what: "Delegate", to: pool, data: encodeFunctionData({ abi: tokenPool, functionName: "delegateTo", args }) };
}

export function queue(pool: Address, token: Address, operator: Address, shares: bigint): Call {
  const data = encodeFunctionData({ abi: tokenPool, functionName: "queueWithdrawal", args: [token, operator, shares] });
  return { what: "Queue a withdrawal", to: pool, data };
}

export function complete(pool: Address, token: Address, operator: Address, epoch: bigint, recipient: Address): Call {
  const args = [token, operator, epoch, recipient] as const;
  const data = encodeFunctionData({ abi: tokenPool, functionName: "completeQueuedWithdrawal", args });
  return { what: "Complete the withdrawal", to: pool, data };
}

export function restake(
  pool: Address,
  token: Address,
  operator: Address,
  epoch: bigint,
  newOperator: Address,
  max: bigint,
): Call {
  const args = [token, operator, epoch, newOperator, max] as const;
  const data = encodeFunctionData({ abi: tokenPool, functionName: "completeQueuedWithdrawalAsShares", args });
  return { what: "Stake the withdrawal again", to: pool, data };
}

export function queueFunds(pool: Address, token: Address, claimant: Address, epoch: bigint): Call {
  const data = encodeFunctionData({ abi: tokenPool, functionName: "queueFunds", args: [token, claimant, epoch] });
  return { what: "Take a turn in the outflow queue", to: pool, data };
}

export function claimFunds(pool: Address, token: Address, claimant: Address, epoch: bigint): Call {
  const data = encodeFunctionData({ abi: tokenPool, functionName: "claimFunds", args: [token, claimant, epoch] });
  return { what: "Claim what was set aside", to: pool, data };
}

export function deposit(receipt: Address, amount: bigint, recipient: Address, minShares: bigint): Call {
  const args = [amount, recipient, minShares] as const;
  const data = encodeFunctionData({ abi: liquidRestakingToken, functionName: "deposit", args });
  return { what: "Deposit for receipts", to: receipt, data };
}

export function stakeIdle(weights: Address): Call {
  const data = encodeFunctionData({ abi: restakingWeights, functionName: "stakeIdle" });
  return { what: "Have idle tokens of the vault staked", to: weights, data };
}

export function redeem(receipt: Address, shares: bigint, minAssets: bigint): Call {
  const args = [shares, minAssets] as const;
  const data = encodeFunctionData({ abi: liquidRestakingToken, functionName: "requestRedemption", args });
  return { what: "Redeem receipts", to: receipt, data };
}

export function claimRedemption(desk: Address, id: bigint): Call {
  const data = encodeFunctionData({ abi: redemptionDesk, functionName: "claimRedemption", args: [id] });
  return { what: "Claim the redemption", to: desk, data };
}

export function optIn(at: Address, service: Address, budget: bigint, exclusive: boolean): Call {
  const args = [service, budget, exclusive] as const;
  return { what: "Opt in", to: at, data: encodeFunctionData({ abi: slasher, functionName: "optIntoSlashing", args }) };
}

export function raise(at: Address, service: Address, budget: bigint): Call {
  const data = encodeFunctionData({ abi: slasher, functionName: "raiseBudget", args: [service, budget] });
  return { what: "Raise the budget", to: at, data };
}

export function activate(at: Address, operator: Address, service: Address): Call {
  const data = encodeFunctionData({ abi: slasher, functionName: "activateGrant", args: [operator, service] });
  return { what: "Put what was announced into force", to: at, data };
}

export function cancelGrant(at: Address, service: Address): Call {
  const data = encodeFunctionData({ abi: slasher, functionName: "cancelPendingGrant", args: [service] });
  return { what: "Withdraw what was announced", to: at, data };
}

export function optOut(at: Address, service: Address): Call {
  const data = encodeFunctionData({ abi: slasher, functionName: "optOutOfSlashing", args: [service] });
  return { what: "End the grant", to: at, data };
}

export function releaseCommitment(at: Address, operator: Address, service: Address): Call {
  const data = encodeFunctionData({ abi: slasher, functionName: "releaseCommitment", args: [operator, service] });
  return { what: "Release the promise", to: at, data };
}

export function register(at: Address, signingKey: Address, r: Hex, vs: Hex): Call {
  const data = encodeFunctionData({ abi: registry, functionName: "registerOperator", args: [signingKey, r, vs] });
  return { what: "Register", to: at, data };
}

export function rotateKey(at: Address, signingKey: Address, r: Hex, vs: Hex): Call {
  const data = encodeFunctionData({ abi: registry, functionName: "rotateKey", args: [signingKey, r, vs] });
  return { what: "Sign with another key", to: at, data };
}

export function deregister(at: Address): Call {
  const data = encodeFunctionData({ abi: registry, functionName: "deregisterOperator" });
  return { what: "Leave the service", to: at, data };
}

export function updateStakes(at: Address, operators: Address[]): Call {
  const data = encodeFunctionData({ abi: registry, functionName: "updateStakes", args: [operators] });
  return { what: "Have the operator weighed again", to: at, data };
}

/** What can be done with an open slash request. */
export type Verdict = "executeSlash" | "vetoSlash" | "closeExpiredRequest";

const VERDICTS: Record<Verdict, string> = {
  executeSlash: "Execute the slash",
  vetoSlash: "Veto the slash",
  closeExpiredRequest: "Close the expired request",
};

export function verdict(at: Address, functionName: Verdict, id: bigint, request: SlashRequest): Call {
  const data = encodeFunctionData({ abi: slasher, functionName, args: [id, request] });
  return { what: VERDICTS[functionName], to: at, data };
}

export function challenge(at: Address, operator: Address, evidence: Hex, bond: bigint): Call {
  const data = encodeFunctionData({ abi: disputeResolution, functionName: "challenge", args: [operator, evidence] });
  return { what: "Challenge the operator", to: at, data, value: bond };
}

export function challengeAvailability(at: Address, operator: Address, evidence: Hex, bond: bigint): Call {
  const args = [operator, evidence] as const;
  const data = encodeFunctionData({ abi: disputeResolution, functionName: "challengeAvailability", args });
  return { what: "Ask the operator for a leaf", to: at, data, value: bond };
}

export function answerChallenge(at: Address, id: bigint, leaf: Hex, proof: Hex): Call {
  const args = [id, leaf, proof] as const;
  const data = encodeFunctionData({ abi: disputeResolution, functionName: "answerChallenge", args });
  return { what: "Open the leaf", to: at, data };
}

export function resolveChallenge(at: Address, id: bigint): Call {
  const data = encodeFunctionData({ abi: disputeResolution, functionName: "resolveChallenge", args: [id] });
  return { what: "Resolve the challenge that nobody answered", to: at, data };
}

export function withdrawBond(at: Address, recipient: Address): Call {
  const data = encodeFunctionData({ abi: disputeResolution, functionName: "withdrawBond", args: [recipient] });
  return { what: "Withdraw bonds", to: at, data };
}
