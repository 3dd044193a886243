// The node as ethers sees it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  Contract,
  ContractFactory,
  Interface,
  JsonRpcProvider,
  Wallet,
  WebSocketProvider,
  getCreateAddress,
  isError,
  parseEther,
  verifyMessage,
  verifyTypedData,
} from 'ethers';
import { abi, changedTopic, initCode, runtimeCode } from './contract.mjs';
import { alice, baseFee, bob, chainId, funds, httpUrl, stranger, wsUrl } from './setting.mjs';

// ethers polls for receipts; answers of this node are never too old to be asked for again.
const options = { cacheTimeout: -1, pollingInterval: 10 };
const provider = new JsonRpcProvider(httpUrl, undefined, options);
const socket = new WebSocketProvider(wsUrl, undefined, options);
const signer = new Wallet(alice.key, provider);

after(async () => {
  provider.destroy();
  await socket.destroy();
});

/** Waits for the receipt of a transaction that is sent. */
const mined = async (response) => (await response).wait();

let contract;

test('the chain and its accounts', async () => {
  assert.equal((await provider.getNetwork()).chainId, BigInt(chainId));
  assert.equal(await provider.getBlockNumber(), 0);
  assert.equal(await provider.getBalance(alice.address), funds);
  assert.equal(await provider.getCode(alice.address), '0x');
  assert.equal(await provider.getTransactionCount(alice.address), 0);
  assert.equal((await provider.getFeeData()).gasPrice, baseFee);
  assert.ok((await provider.listAccounts()).some(({ address }) => address === alice.address));
});

test('ETH is sent with every type of transaction', async () => {
  const value = parseEther('1');
  for (const [nonce, type] of [0, 1, 2].entries()) {
    const receipt = await mined(signer.sendTransaction({ to: stranger, value, type }));
    assert.deepEqual([receipt.type, receipt.status, receipt.gasUsed], [type, 1, 21_000n]);
    assert.equal(receipt.gasPrice, baseFee, 'the effective price');
    const transaction = await provider.getTransaction(receipt.hash);
    assert.deepEqual([transaction.type, transaction.nonce, transaction.from], [type, nonce, alice.address]);
  }
  assert.equal(await provider.getBalance(stranger), 3n * value);
  assert.equal(await provider.getBalance(alice.address), funds - 3n * value - 3n * 21_000n * baseFee);
});

test('a contract is deployed, called and changed', async () => {
  contract = await new ContractFactory(abi, initCode, signer).deploy(7);
  await contract.waitForDeployment();
  assert.equal(await contract.getAddress(), getCreateAddress({ from: alice.address, nonce: 3 }));
  assert.equal(await contract.getDeployedCode(), runtimeCode);
  assert.equal(await contract.get(), 7n);
  const estimate = await contract.set.estimateGas(8);
  const changed = await mined(contract.set(8));
  assert.ok(changed.gasUsed <= estimate && estimate < changed.gasUsed * 2n, `${changed.gasUsed} of ${estimate}`);
  const [event] = changed.logs;
  assert.deepEqual([event.fragment.name, ...event.args], ['Changed', alice.address, 8n]);
  assert.equal(BigInt(await provider.getStorage(await contract.getAddress(), 0)), 8n);
  const { blockNumber } = await contract.deploymentTransaction().wait();
  assert.equal(await contract.get({ blockTag: blockNumber }), 7n);
  assert.equal(await contract.get({ blockTag: 'pending' }), 8n);
});

test('a custom error comes with its arguments', async () => {
  const refused = (error) => {
    assert.ok(isError(error, 'CALL_EXCEPTION'));
    // ethers decodes it for calls only.
    const revert = error.revert ?? contract.interface.parseError(error.data);
    assert.deepEqual([revert.name, ...revert.args], ['TooLittle', 8n, 9n]);
    return true;
  };
  await assert.rejects(contract.spend.staticCall(9), refused);
  await assert.rejects(contract.spend.estimateGas(9), refused);
  await assert.rejects(contract.spend(9), refused);
  const sent = await contract.spend(9, { gasLimit: 100_000 });
  await assert.rejects(sent.wait(), (error) => isError(error, 'CALL_EXCEPTION') && error.receipt.status === 0);
});

test('what cannot be sent says why', async () => {
  const code = (name) => (error) => isError(error, name);
  const gasLimit = 21_000;
  await assert.rejects(signer.sendTransaction({ to: stranger, value: funds, gasLimit }), code('INSUFFICIENT_FUNDS'));
  await assert.rejects(signer.sendTransaction({ to: stranger, nonce: 0, gasLimit }), code('NONCE_EXPIRED'));
});

test('logs and events', async () => {
  const address = await contract.getAddress();
  const logs = await provider.getLogs({ address, topics: [changedTopic], fromBlock: 0 });
  assert.equal(logs.length, 1);
  assert.deepEqual([...new Interface(abi).parseLog(logs[0]).args], [alice.address, 8n]);
  const events = await contract.queryFilter(contract.filters.Changed(alice.address), 0, 'latest');
  assert.deepEqual(events.map(({ args }) => args.value), [8n]);
  assert.deepEqual(await contract.queryFilter(contract.filters.Changed(bob.address), 0), []);
  const filter = await provider.send('eth_newFilter', [{ address }]);
  const { blockHash } = await mined(contract.set(9));
  const changes = await provider.send('eth_getFilterChanges', [filter]);
  assert.deepEqual(changes.map((log) => log.blockHash), [blockHash]);
  assert.equal((await provider.getLogs({ address, blockHash })).length, 1);
});

test('blocks, transactions and receipts', async () => {
  const block = await provider.getBlock('latest', true);
  assert.equal(block.baseFeePerGas, baseFee);
  assert.equal(block.gasLimit, 2n ** 50n);
  assert.equal(block.prefetchedTransactions.length, 1);
  const [transaction] = block.prefetchedTransactions;
  const receipt = await transaction.wait();
  assert.deepEqual([receipt.blockHash, receipt.gasUsed], [block.hash, block.gasUsed]);
  assert.equal(await receipt.confirmations(), 1);
  // ethers leaves out the fields of Arbitrum, which are there.
  const raw = await provider.send('eth_getTransactionReceipt', [receipt.hash]);
  assert.deepEqual([raw.gasUsedForL1, Number(raw.l1BlockNumber)], ['0x0', block.number]);
  const rawBlock = await provider.send('eth_getBlockByNumber', ['latest', false]);
  assert.deepEqual([Number(rawBlock.l1BlockNumber), rawBlock.sendCount], [block.number, '0x0']);
});

test('subscriptions over WebSocket', async () => {
  const listener = new Contract(await contract.getAddress(), abi, socket);
  const [event, head] = await new Promise((resolve, reject) => {
    const seen = {};
    const done = () => seen.event && seen.head && resolve([seen.event, seen.head]);
    // `on` returns when the subscription has been sent, and the answer to a later request says that it was received.
    Promise.all([
      listener.on('Changed', (by, value, { log }) => ((seen.event = { by, value, log }), done())),
      socket.on('block', (number) => ((seen.head = number), done())),
    ])
      .then(() => socket.send('eth_chainId', []))
      .then(() => contract.set(10))
      .catch(reject);
  });
  assert.deepEqual([event.by, event.value], [alice.address, 10n]);
  assert.equal(event.log.blockNumber, head);
  await socket.removeAllListeners();
  await listener.removeAllListeners();
});

test('the node signs for its accounts', async () => {
  const unlocked = await provider.getSigner(bob.address);
  assert.equal(verifyMessage('restake', await unlocked.signMessage('restake')), bob.address);
  const [domain, types, value] = [{ chainId }, { Note: [{ name: 'number', type: 'uint256' }] }, { number: 1n }];
  assert.equal(verifyTypedData(domain, types, value, await unlocked.signTypedData(domain, types, value)), bob.address);
  const receipt = await mined(unlocked.sendTransaction({ to: stranger, value: 1n }));
  assert.deepEqual([receipt.from, receipt.status], [bob.address, 1]);
});

test('somebody else is impersonated', async () => {
  await provider.send('hardhat_setBalance', [stranger, '0xde0b6b3a7640000']);
  await provider.send('hardhat_impersonateAccount', [stranger]);
  const receipt = await mined(contract.connect(await provider.getSigner(stranger)).set(11));
  assert.equal(receipt.from.toLowerCase(), stranger);
  await provider.send('hardhat_stopImpersonatingAccount', [stranger]);
  await assert.rejects(provider.getSigner(stranger));
});

test('time is moved and taken back', async () => {
  const before = await contract.time();
  const snapshot = await provider.send('evm_snapshot', []);
  await provider.send('evm_increaseTime', [86_400]);
  await provider.send('evm_mine', []);
  assert.ok((await contract.time()) >= before + 86_400n);
  assert.equal(await provider.send('evm_revert', [snapshot]), true);
  assert.ok((await contract.time()) < before + 86_400n);
});

test('requests are batched', async () => {
  const counted = [];
  const listen = ({ action, payload }) => action === 'sendRpcPayload' && counted.push(payload);
  provider.on('debug', listen);
  const asked = [
    provider.getBalance(bob.address),
    provider.getBlockNumber(),
    contract.get(),
    contract.spend.staticCall(99),
  ];
  const [balance, number, value, refusal] = await Promise.allSettled(asked);
  provider.off('debug', listen);
  assert.ok(counted.some((payload) => Array.isArray(payload) && payload.length > 1), 'one request for several');
  assert.deepEqual([balance, number, value].map(({ status }) => status), Array(3).fill('fulfilled'));
  assert.equal(value.value, 11n);
  assert.deepEqual([...refusal.reason.revert.args], [11n, 99n], 'one refusal does not spoil the others');
});
