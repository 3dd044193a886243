// Where the node is, and the public development keys that it funds.

if (!process.env.RPC_URL) throw new Error('RPC_URL is not set: the URL of a fresh node');

/** The node's URL for HTTP. */
export const httpUrl = process.env.RPC_URL;

/** The node's URL for WebSocket: the same port. */
export const wsUrl = httpUrl.replace('http', 'ws');

/** The chain id of a development chain. */
export const chainId = 412346;

/** Wei per gas of every block. */
export const baseFee = 100_000_000n;

/** What each of the accounts owns on a fresh node, in wei. */
export const funds = 10_000n * 10n ** 18n;

/** The first accounts of the well-known test mnemonic. */
export const alice = {
  address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  key: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
};
export const bob = {
  address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  key: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
};

/** An address that nobody has a key for. */
export const stranger = '0x000000000000000000000000000000000000ace0';
