/** The wallet that is connected: whose account it offers, on which chain it is, and what it signs. */

import { type Address, type EIP1193Provider, type Hex, getAddress, numberToHex } from "viem";
import type { Call } from "../chain/node";
import type { Wallet } from "./discovery";

/** Which wallet was connected last, to offer it again after a reload. */
const LAST = "restake:wallet";

/** The chain that the page is about. */
export interface Chain {
  id: number;
  name: string;
  rpcUrl: string;
}

/** What is known of the wallet. */
export interface Connection {
  wallet: Wallet;
  account: Address;
  chainId: number;
}

/** The code of a wallet that does not know a chain (EIP-3085, as MetaMask answers it). */
const UNKNOWN_CHAIN = 4902;

async function opened(wallet: Wallet, method: "eth_requestAccounts" | "eth_accounts"): Promise<Connection | undefined> {
  const accounts = (await wallet.provider.request({ method })) as Address[];
  const first = accounts[0];
  if (!first) return undefined;
  const chainId = Number(await wallet.provider.request({ method: "eth_chainId" }));
  return { wallet, account: getAddress(first), chainId };
}

/** Asks a wallet for an account. */
export async function connect(wallet: Wallet): Promise<Connection | undefined> {
  const connection = await opened(wallet, "eth_requestAccounts");
  if (connection) localStorage.setItem(LAST, wallet.info.rdns);
  return connection;
}

/** The connection of before a reload, if that wallet is there and still offers an account. Asks nobody anything. */
export async function resume(wallets: Wallet[]): Promise<Connection | undefined> {
  const wallet = wallets.find(({ info }) => info.rdns === localStorage.getItem(LAST));
  return wallet && opened(wallet, "eth_accounts");
}

/** Forgets the wallet. */
export function forget(): void {
  localStorage.removeItem(LAST);
}

/** Tells of other accounts and chains. Returns what ends that. */
export function watch(connection: Connection, changed: (to: Connection | undefined) => void): () => void {
  const { provider } = connection.wallet;
  const accounts = (all: Address[]) => changed(all[0] ? { ...connection, account: getAddress(all[0]) } : undefined);
  const chain = (id: string) => changed({ ...connection, chainId: Number(id) });
  provider.on("accountsChanged", accounts);
  provider.on("chainChanged", chain);
  return () => {
    provider.removeListener("accountsChanged", accounts);
    provider.removeListener("chainChanged", chain);
  };
}

/** Has the wallet change to the chain, and add it first if it does not know it. */
export async function enter(provider: EIP1193Provider, chain: Chain): Promise<void> {
  const chainId = numberToHex(chain.id);
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId }] });
  } catch (error) {
    if ((error as { code?: number }).code !== UNKNOWN_CHAIN) throw error;
    const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
    const added = { chainId, chainName: chain.name, rpcUrls: [chain.rpcUrl], nativeCurrency };
    await provider.request({ method: "wallet_addEthereumChain", params: [added] });
  }
}

/** Has the wallet sign and send a call. Returns what it calls it: a transaction's hash, or a multisig's name for it. */
export async function send({ wallet, account }: Connection, { to, data, value }: Call): Promise<Hex> {
  const sent = value === undefined ? {} : { value: numberToHex(value) };
  return wallet.provider.request({ method: "eth_sendTransaction", params: [{ from: account, to, data, ...sent }] });
}

/** Whether somebody said no in the wallet. */
export function declined(error: unknown): boolean {
  return (error as { code?: number } | null)?.code === 4001;
}
