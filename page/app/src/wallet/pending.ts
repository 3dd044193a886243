/**
 * What was handed to a wallet and is not in a block that we know of. It outlives a reload, because a multisig's
 * transaction may wait for days; it is kept by chain and genesis, because a development chain that began again has the
 * same id.
 */

import type { Address, Hex } from "viem";

/** Something that waits. */
export interface Pending {
  /** What the wallet answered: a transaction's hash, or its own name for it. */
  hash: Hex;
  /** What it does, in words. */
  what: string;
  from: Address;
  to: Address;
  data: Hex;
  /** The block that was the latest when it was sent. */
  since: number;
  /** Whether the account is a contract, whose owners sign one after another. */
  multisig: boolean;
}

/** What became of it. */
export type Outcome = "done" | "failed" | "forgotten";

/** What waits on one chain. */
export class PendingStore {
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<Hex, (outcome: Outcome) => void>();
  #over: { what: string; outcome: Outcome }[] = [];

  constructor(chainId: number, genesis: string) {
    this.#key = `restake:pending:${chainId}:${genesis}`;
    window.addEventListener("storage", (event) => {
      if (event.key === this.#key) this.#tell();
    });
  }

  /** All of it, oldest first. */
  all(): Pending[] {
    const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
    return Array.isArray(kept) ? (kept as Pending[]) : [];
  }

  add(pending: Pending): void {
    this.#keep([...this.all(), pending]);
  }

  /** What becomes of it, as long as this page is open. */
  outcome(hash: Hex): Promise<Outcome> {
    return new Promise((resolve) => this.#waiting.set(hash, resolve));
  }

  /** What ended while nobody waited for it here: it was sent before a reload. */
  over(): { what: string; outcome: Outcome }[] {
    return this.#over;
  }

  /** Those were seen. */
  seen(): void {
    this.#over = [];
    this.#tell();
  }

  /** It waits no more. */
  settle(hash: Hex, outcome: Outcome): void {
    const settled = this.all().find((pending) => pending.hash === hash);
    const waiting = this.#waiting.get(hash);
    if (settled && !waiting && outcome !== "forgotten") this.#over.push({ what: settled.what, outcome });
    this.#keep(this.all().filter((pending) => pending.hash !== hash));
    this.#waiting.delete(hash);
    waiting?.(outcome);
  }

  /** Tells of every change, also of one in another tab. Returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(all: Pending[]): void {
    localStorage.setItem(this.#key, JSON.stringify(all));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
