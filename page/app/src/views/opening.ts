/** A leaf of a file with its proof: the tree over it is that of `IDisputeResolution.DataCommitment`. */

import { type Hex, concat, keccak256, toHex } from "viem";

/** The bytes of a leaf, unless one says otherwise. */
export const LEAF_BYTES = 1_024;

/** The most bytes of a leaf that the contract takes. */
export const LONGEST_LEAF = 4_096;

/** What is hashed before a leaf, and before two nodes. */
const [LEAF, NODE] = [Uint8Array.of(0), Uint8Array.of(1)];

/** How many leaves of `size` bytes there are in so many `bytes`; the last may be shorter. */
export function leafCount(bytes: number, size: number): number {
  return Math.ceil(bytes / size);
}

/** The leaf at `index`, which must be there, and its siblings from the bottom up, one for each level. */
export function opening(data: Uint8Array, size: number, index: number): { leaf: Hex; proof: Hex } {
  const leaf = (at: number) => data.subarray(at * size, (at + 1) * size);
  const count = leafCount(data.length, size);
  let level = Array.from({ length: count }, (_, at) => keccak256(concat([LEAF, leaf(at)]), "bytes"));
  // Filled up with zero hashes to the next power of two.
  while (level.length & (level.length - 1)) level.push(new Uint8Array(32));
  const siblings: Uint8Array[] = [];
  for (let place = index; level.length > 1; place >>= 1) {
    const below = level;
    const hash = (at: number) => below[at] as Uint8Array;
    siblings.push(hash(place ^ 1));
    level = Array.from({ length: below.length / 2 }, (_, at) =>
      keccak256(concat([NODE, hash(2 * at), hash(2 * at + 1)]), "bytes"),
    );
  }
  return { leaf: toHex(leaf(index)), proof: toHex(concat(siblings)) };
}
