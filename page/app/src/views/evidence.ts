/** Evidence that is pasted: what the command line has operators sign, as the DisputeResolution takes it. */

import { type Hex, encodeAbiParameters, isHex } from "viem";

const field = (name: string, type: string) => ({ name, type });

/** `IDisputeResolution.SignedAttestation`. */
const SIGNED_ATTESTATION = [
  field("task", "bytes32"),
  field("taskTime", "uint64"),
  field("answer", "bytes32"),
  field("r", "bytes32"),
  field("vs", "bytes32"),
];

/** `IDisputeResolution.Unavailability`. */
const UNAVAILABILITY = [
  field("task", "bytes32"),
  field("taskTime", "uint64"),
  field("root", "bytes32"),
  field("leafCount", "uint64"),
  field("firstLeaf", "uint64"),
  field("keptLeaves", "uint64"),
  field("index", "uint64"),
  field("r", "bytes32"),
  field("vs", "bytes32"),
];

/** What somebody pasted, encoded, or why it is nothing. */
export interface Evidence {
  data?: Hex;
  wrong?: string;
}

/** Reads the fields of what was signed, each as its type has it. */
function signed(text: string, fields: readonly { name: string; type: string }[]): Record<string, Hex | bigint> {
  const read = JSON.parse(text) as Record<string, unknown>;
  const values = fields.map(({ name, type }) => {
    const value = read[name];
    if (type === "bytes32") {
      if (!isHex(value) || value.length !== 66) throw new Error(`${name} is not 32 bytes.`);
      return [name, value] as const;
    }
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw new Error(name === "taskTime" ? "taskTime is no time." : `${name} is no number.`);
    }
    return [name, BigInt(value)] as const;
  });
  return Object.fromEntries(values);
}

/** What `read` makes of a text, or why it makes nothing of it. */
function attempt(read: () => Evidence): Evidence {
  try {
    return read();
  } catch (error) {
    return { wrong: error instanceof SyntaxError ? "Not JSON." : (error as Error).message };
  }
}

/** Two answers, as `restake operator attest` prints them, as `IDisputeResolution.Equivocation`. */
export function equivocation(first: string, second: string): Evidence {
  return attempt(() => {
    const both = { first: signed(first, SIGNED_ATTESTATION), second: signed(second, SIGNED_ATTESTATION) };
    const type = {
      type: "tuple",
      components: ["first", "second"].map((name) => ({ name, type: "tuple", components: SIGNED_ATTESTATION })),
    };
    return { data: encodeAbiParameters([type], [both]) };
  });
}

/** A commitment, as `restake operator commit` prints it. */
function committed(text: string): Record<"firstLeaf" | "keptLeaves", bigint> {
  const fields = UNAVAILABILITY.filter(({ name }) => name !== "index");
  return signed(text, fields) as Record<"firstLeaf" | "keptLeaves", bigint>;
}

/** Why a text is no commitment, if it is none. */
export function commitmentWrong(text: string): string | undefined {
  const read = () => {
    committed(text);
    return {};
  };
  return attempt(read).wrong;
}

/** A commitment, as `restake operator commit` prints it, as `IDisputeResolution.Unavailability` of one leaf of it. */
export function unavailability(commitment: string, leaf: string): Evidence {
  return attempt(() => {
    const said = committed(commitment);
    const { firstLeaf, keptLeaves } = said;
    const index = /^\d{1,15}$/.test(leaf) ? BigInt(leaf) : undefined;
    if (index === undefined || index < firstLeaf || index >= firstLeaf + keptLeaves) {
      throw new Error(`Not one of those that the operator keeps: ${keptLeaves} from ${firstLeaf} on.`);
    }
    return { data: encodeAbiParameters([{ type: "tuple", components: UNAVAILABILITY }], [{ ...said, index }]) };
  });
}
