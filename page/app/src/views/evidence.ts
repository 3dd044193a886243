/** Evidence that is pasted: what `restake operator attest` writes, as the DisputeResolution takes it. */

import { type Hex, encodeAbiParameters, isHex } from "viem";

/** `IDisputeResolution.SignedAttestation`. */
const SIGNED_ATTESTATION = [
  { name: "task", type: "bytes32" },
  { name: "taskTime", type: "uint64" },
  { name: "answer", type: "bytes32" },
  { name: "r", type: "bytes32" },
  { name: "vs", type: "bytes32" },
] as const;

interface Signed {
  task: Hex;
  taskTime: bigint;
  answer: Hex;
  r: Hex;
  vs: Hex;
}

function signed(text: string): Signed {
  const read = JSON.parse(text) as Record<string, unknown>;
  const word = (name: string): Hex => {
    const value = read[name];
    if (!isHex(value) || value.length !== 66) throw new Error(`${name} is not 32 bytes.`);
    return value;
  };
  const { taskTime } = read;
  if (typeof taskTime !== "number" || !Number.isSafeInteger(taskTime)) throw new Error("taskTime is no time.");
  return { task: word("task"), taskTime: BigInt(taskTime), answer: word("answer"), r: word("r"), vs: word("vs") };
}

/** Two answers as `IDisputeResolution.Equivocation`, or why they are none. */
export function equivocation(first: string, second: string): { data?: Hex; wrong?: string } {
  try {
    const both = { first: signed(first), second: signed(second) };
    const type = {
      type: "tuple",
      components: ["first", "second"].map((name) => ({ name, type: "tuple", components: SIGNED_ATTESTATION })),
    };
    return { data: encodeAbiParameters([type], [both]) };
  } catch (error) {
    return { wrong: error instanceof SyntaxError ? "Not JSON." : (error as Error).message };
  }
}
