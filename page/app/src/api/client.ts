/** Questions to the server of this page. It is where the page came from; nothing else is asked but node and wallet. */

import { type Hex, getAddress, isAddress } from "viem";
import type { Error as ApiError, Explanation } from "./types";

/** Why the server does not answer. */
export class Unanswered extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Addresses are compared by their letters, so all of them have the checksum of ERC-55. */
function checksummed(_: string, value: unknown): unknown {
  return typeof value === "string" && isAddress(value, { strict: false }) ? getAddress(value) : value;
}

/** The answer at `/api/<path>`. Throws {@link Unanswered}. */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unanswered("away", "The server of this page does not answer. `restake page` starts it.");
  }
  if (response.ok) return JSON.parse(await response.text(), checksummed) as Answer;
  const failed = (await response.json().catch(() => undefined)) as ApiError | undefined;
  throw new Unanswered(failed?.error.code ?? String(response.status), failed?.error.message ?? response.statusText);
}

/** How long to wait for an index that is behind the chain (milliseconds). */
export const BEHIND = 150;

/** What a revert means, in the sentence of the command line. */
export async function explain(data: Hex): Promise<Explanation> {
  for (;;) {
    try {
      return await ask<Explanation>(`explain?data=${data}`);
    } catch (error) {
      if (!(error instanceof Unanswered) || error.code !== "indexing") throw error;
      await new Promise((resolve) => window.setTimeout(resolve, BEHIND));
    }
  }
}
