// The node as cast sees it, the command of Foundry.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { changedTopic, initCode, runtimeCode } from './contract.mjs';
import { alice, baseFee, bob, chainId, funds, httpUrl, stranger } from './setting.mjs';

// The program itself: the script that comes with it in the package forgets exit codes.
const architecture = { x64: 'amd64' }[process.arch] ?? process.arch;
const extension = process.platform === 'win32' ? '.exe' : '';
const program = `node_modules/@foundry-rs/cast-${process.platform}-${architecture}/bin/cast${extension}`;
const path = fileURLToPath(new URL(program, import.meta.url));
const run = promisify(execFile);

// A home of its own, so that no user's configuration counts, and nothing is cached under the number of a block that
// another node has too. Offline, so that cast does not look up names of functions and errors on the web.
const home = fileURLToPath(new URL('home', import.meta.url));
await rm(home, { recursive: true, force: true });
await mkdir(home);
const env = {
  PATH: process.env.PATH,
  HOME: home,
  USERPROFILE: home,
  ETH_RPC_URL: httpUrl,
  FOUNDRY_OFFLINE: 'true',
  FOUNDRY_NO_STORAGE_CACHING: 'true',
  NO_COLOR: '1',
};

/** Runs cast and returns what it prints. */
const cast = async (...words) => (await run(path, words.map(String), { env })).stdout.trim();

const json = async (...words) => JSON.parse(await cast(...words, '--json'));
const send = (...words) => json('send', '--private-key', alice.key, ...words);
const word = (number) => number.toString(16).padStart(64, '0');

let contract;
let changed;

test('the chain and its accounts', async () => {
  const [id, block, balance, price, nonce, client] = await Promise.all([
    cast('chain-id'),
    cast('block-number'),
    cast('balance', alice.address),
    cast('gas-price'),
    cast('nonce', alice.address),
    cast('client'),
  ]);
  assert.deepEqual([id, block, nonce].map(Number), [chainId, 0, 0]);
  assert.deepEqual([balance, price].map(BigInt), [funds, baseFee]);
  assert.match(client, /devnode/);
});

test('ETH is sent, signed here or by the node', async () => {
  const own = await send(stranger, '--value', '1ether');
  const legacy = await send(stranger, '--value', '1ether', '--legacy');
  const unlocked = await json('send', '--unlocked', '--from', bob.address, stranger, '--value', '1ether');
  assert.deepEqual([own, legacy, unlocked].map(({ type }) => type), ['0x2', '0x0', '0x2']);
  for (const receipt of [own, legacy, unlocked]) {
    assert.deepEqual([receipt.status, receipt.gasUsed].map(Number), [1, 21_000]);
    assert.equal(BigInt(receipt.effectiveGasPrice), baseFee);
  }
  assert.equal(await cast('balance', stranger, '--ether'), '3.000000000000000000');
});

test('a contract is deployed, called and changed', async () => {
  const receipt = await send('--create', initCode + word(7));
  contract = receipt.contractAddress;
  assert.equal(await cast('call', contract, 'get()(uint256)'), '7');
  const estimate = Number(await cast('estimate', '--from', alice.address, contract, 'set(uint256)', 8));
  changed = await send(contract, 'set(uint256)', 8);
  const used = Number(changed.gasUsed);
  assert.ok(used <= estimate && estimate < used * 2, `${used} of ${estimate}`);
  const [code, size, slot, computed, past] = await Promise.all([
    cast('code', contract),
    cast('codesize', contract),
    cast('storage', contract, 0),
    cast('compute-address', alice.address, '--nonce', 2),
    cast('call', contract, 'get()(uint256)', '--block', Number(receipt.blockNumber)),
  ]);
  assert.equal(code, runtimeCode);
  assert.equal(Number(size), (runtimeCode.length - 2) / 2);
  assert.equal(BigInt(slot), 8n);
  assert.equal(computed.split(' ').at(-1).toLowerCase(), contract.toLowerCase());
  assert.equal(past, '7');
});

test('a custom error comes with its arguments', async () => {
  const said = (error) => error.stderr.includes('execution reverted') && error.stderr.includes(word(9));
  await assert.rejects(cast('call', contract, 'spend(uint256)', 9), said);
  await assert.rejects(cast('estimate', contract, 'spend(uint256)', 9), said);
  await assert.rejects(send(contract, 'spend(uint256)', 9), said);
});

test('blocks, transactions, receipts and logs', async () => {
  const hash = changed.transactionHash;
  const [block, transaction, receipt, logs, age, raw] = await Promise.all([
    json('block', 'latest'),
    json('tx', hash),
    json('receipt', hash),
    json('logs', '--from-block', 0, '--address', contract, 'Changed(address indexed,uint256)'),
    cast('block', 'latest', '-f', 'timestamp'),
    cast('tx', hash, '--raw'),
  ]);
  assert.equal(BigInt(block.baseFeePerGas), baseFee);
  assert.equal(Number(block.timestamp), Number(age));
  assert.equal(Number(block.l1BlockNumber), Number(block.number), 'a field of Arbitrum');
  assert.equal(transaction.blockHash, block.hash);
  assert.equal(transaction.from.toLowerCase(), alice.address.toLowerCase());
  assert.match(raw, /^0x02/);
  assert.equal(receipt.blockHash, block.hash);
  assert.equal(receipt.gasUsedForL1, '0x0', 'a field of Arbitrum');
  assert.equal(logs.length, 1);
  assert.deepEqual([logs[0].topics[0], logs[0].data], [changedTopic, '0x' + word(8)]);
});

test('a transaction is executed again', async () => {
  // cast takes the state from the node and executes the transaction by itself.
  const said = await cast('run', changed.transactionHash);
  assert.match(said, /Transaction successfully executed/);
  assert.match(said, new RegExp(`Gas used: ${Number(changed.gasUsed)}$`));
  const announced = await cast('access-list', '--from', alice.address, contract, 'set(uint256)', 9);
  assert.ok(announced.includes('0x' + word(0)), 'the slot of the value');
});

test('any method is called', async () => {
  assert.equal(JSON.parse(await cast('rpc', 'eth_chainId')), '0x64aba');
  await cast('rpc', 'anvil_setBalance', stranger, '0x2a');
  assert.equal(await cast('balance', stranger), '42');
  await cast('rpc', 'anvil_impersonateAccount', contract);
  await cast('rpc', 'anvil_setBalance', contract, '0xde0b6b3a7640000');
  const receipt = await json('send', '--unlocked', '--from', contract, stranger, '--value', 1);
  assert.equal(receipt.from.toLowerCase(), contract.toLowerCase());
  assert.equal(await cast('balance', stranger), '43');
});
