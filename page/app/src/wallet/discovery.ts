/** The wallets of this browser, by EIP-6963: each announces itself, so none has to overwrite another. */

import type { EIP1193Provider } from "viem";

/** A wallet that announced itself. */
export interface Wallet {
  info: { uuid: string; name: string; icon: string; rdns: string };
  provider: EIP1193Provider;
}

interface Announcement extends Event {
  detail: Wallet;
}

/** Tells `found` of all wallets whenever there is another one. Returns what ends that. */
export function discover(found: (wallets: Wallet[]) => void): () => void {
  const wallets = new Map<string, Wallet>();
  const announced = (event: Event) => {
    const wallet = (event as Announcement).detail;
    wallets.set(wallet.info.uuid, wallet);
    found([...wallets.values()]);
  };
  window.addEventListener("eip6963:announceProvider", announced);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  // A wallet of before EIP-6963 is a provider at `window.ethereum`, and has no name.
  const old = (window as { ethereum?: EIP1193Provider }).ethereum;
  if (wallets.size === 0 && old) {
    const info = { uuid: "window.ethereum", name: "Wallet of this browser", icon: "", rdns: "" };
    found([{ info, provider: old }]);
  }
  return () => window.removeEventListener("eip6963:announceProvider", announced);
}
