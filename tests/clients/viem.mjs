// The node as viem sees it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  ContractFunctionRevertedError,
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  http,
  isAddressEqual,
  pad,
  parseAbi,
  parseEther,
  parseEventLogs,
  recoverMessageAddress,
  toHex,
  webSocket,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { abi as readable, initCode, runtimeCode } from './contract.mjs';
import { alice, baseFee, bob, chainId, funds, httpUrl, stranger, wsUrl } from './setting.mjs';

const abi = parseAbi(readable);
const chain = defineChain({
  id: chainId,
  name: 'Development chain',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [httpUrl], webSocket: [wsUrl] } },
});
const account = privateKeyToAccount(alice.key);
const pollingInterval = 10;
const reader = createPublicClient({ chain, transport: http(), pollingInterval });
const wallet = createWalletClient({ chain, account, transport: http(), pollingInterval });
const node = createTestClient({ mode: 'anvil', chain, transport: http() });
const socket = createPublicClient({ chain, transport: webSocket() });

after(async () => (await socket.transport.getRpcClient()).close());

/** Waits for the receipt of a transaction that is sent. */
const mined = async (hash) => reader.waitForTransactionReceipt({ hash: await hash });

let contract;

test('the chain and its accounts', async () => {
  assert.equal(await reader.getChainId(), chainId);
  assert.equal(await reader.getBlockNumber(), 0n);
  assert.equal(await reader.getGasPrice(), baseFee);
  assert.equal(await reader.getBalance({ address: alice.address }), funds);
  assert.equal(await reader.getCode({ address: alice.address }), undefined);
  const fees = await reader.estimateFeesPerGas();
  assert.ok(fees.maxFeePerGas >= baseFee);
  assert.equal(fees.maxPriorityFeePerGas, 0n);
  assert.ok((await wallet.getAddresses()).includes(alice.address));
});

test('ETH is sent with every type of transaction', async () => {
  const to = stranger;
  const value = parseEther('1');
  const dynamic = await mined(wallet.sendTransaction({ to, value }));
  const legacy = await mined(wallet.sendTransaction({ to, value, type: 'legacy', gasPrice: baseFee }));
  const listed = await mined(wallet.sendTransaction({ to, value, gasPrice: baseFee, accessList: [] }));
  const tipping = { maxFeePerGas: 3n * baseFee, maxPriorityFeePerGas: baseFee };
  const tipped = await mined(wallet.sendTransaction({ to, value, ...tipping }));
  const receipts = [dynamic, legacy, listed, tipped];
  assert.deepEqual(receipts.map(({ type }) => type), ['eip1559', 'legacy', 'eip2930', 'eip1559']);
  for (const receipt of receipts) {
    assert.equal(receipt.status, 'success');
    assert.equal(receipt.gasUsed, 21_000n);
    assert.equal(receipt.effectiveGasPrice, baseFee, 'tips are dropped');
  }
  assert.equal(await reader.getBalance({ address: to }), 4n * value);
  assert.equal(await reader.getBalance({ address: alice.address }), funds - 4n * value - 4n * 21_000n * baseFee);
});

test('a contract is deployed, called and changed', async () => {
  const receipt = await mined(wallet.deployContract({ abi, bytecode: initCode, args: [7n] }));
  contract = { abi, address: receipt.contractAddress };
  assert.ok(isAddressEqual(contract.address, getContractAddress({ from: alice.address, nonce: 4n })));
  assert.equal(await reader.getCode(contract), runtimeCode);
  assert.equal(await reader.readContract({ ...contract, functionName: 'get' }), 7n);
  const { request } = await reader.simulateContract({ ...contract, account, functionName: 'set', args: [8n] });
  const estimate = await reader.estimateContractGas({ ...contract, account, functionName: 'set', args: [8n] });
  const changed = await mined(wallet.writeContract(request));
  assert.ok(changed.gasUsed <= estimate && estimate < changed.gasUsed * 2n, `${changed.gasUsed} of ${estimate}`);
  const [event] = parseEventLogs({ abi, logs: changed.logs });
  assert.deepEqual([event.eventName, event.args], ['Changed', { by: alice.address, value: 8n }]);
  assert.equal(await reader.getStorageAt({ ...contract, slot: toHex(0) }), pad(toHex(8)));
  assert.equal(await reader.readContract({ ...contract, functionName: 'get', blockNumber: receipt.blockNumber }), 7n);
});

test('calls pretend', async () => {
  const stateOverride = [{ address: contract.address, stateDiff: [{ slot: pad('0x'), value: pad('0x63') }] }];
  assert.equal(await reader.readContract({ ...contract, functionName: 'get', stateOverride }), 99n);
  const deployment = encodeDeployData({ abi, bytecode: initCode, args: [55n] });
  const undeployed = await reader.call({ code: deployment, data: encodeFunctionData({ abi, functionName: 'get' }) });
  assert.equal(BigInt(undeployed.data), 55n);
});

test('a custom error comes with its arguments', async () => {
  const refused = (error) => {
    const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
    assert.equal(reverted.data.errorName, 'TooLittle');
    assert.deepEqual(reverted.data.args, [8n, 9n]);
    return true;
  };
  const spend = { ...contract, account, functionName: 'spend', args: [9n] };
  await assert.rejects(reader.simulateContract(spend), refused);
  await assert.rejects(reader.estimateContractGas(spend), refused);
  await assert.rejects(wallet.writeContract(spend), refused);
  const receipt = await mined(wallet.writeContract({ ...spend, gas: 100_000n }));
  assert.equal(receipt.status, 'reverted');
});

test('what cannot be sent says why', async () => {
  const cause = (name) => (error) => error.walk(({ name: found }) => found === name) !== null;
  const to = stranger;
  await assert.rejects(wallet.sendTransaction({ to, value: funds, gas: 21_000n }), cause('InsufficientFundsError'));
  await assert.rejects(wallet.sendTransaction({ to, nonce: 0, gas: 21_000n }), cause('NonceTooLowError'));
  await assert.rejects(wallet.sendTransaction({ to, gas: 20_000n }), cause('IntrinsicGasTooLowError'));
  const cheap = { maxFeePerGas: 1n, maxPriorityFeePerGas: 0n };
  await assert.rejects(wallet.sendTransaction({ to, gas: 21_000n, ...cheap }), cause('FeeCapTooLowError'));
});

test('logs and filters', async () => {
  const fromBlock = 0n;
  const all = await reader.getContractEvents({ ...contract, fromBlock });
  assert.deepEqual(all.map(({ args }) => args.value), [8n]);
  const ofBob = { ...contract, eventName: 'Changed', args: { by: bob.address }, fromBlock };
  assert.deepEqual(await reader.getContractEvents(ofBob), []);
  const ofAlice = { ...contract, eventName: 'Changed', args: { by: alice.address } };
  const events = await reader.createContractEventFilter(ofAlice);
  const blocks = await reader.createBlockFilter();
  const transactions = await reader.createPendingTransactionFilter();
  const set = wallet.writeContract({ ...contract, functionName: 'set', args: [10n] });
  const { transactionHash, blockHash } = await mined(set);
  const changes = await reader.getFilterChanges({ filter: events });
  assert.deepEqual(changes.map(({ args }) => args), [{ by: alice.address, value: 10n }]);
  assert.deepEqual(await reader.getFilterChanges({ filter: events }), []);
  assert.equal((await reader.getFilterLogs({ filter: events })).length, 1);
  assert.deepEqual(await reader.getFilterChanges({ filter: blocks }), [blockHash]);
  assert.deepEqual(await reader.getFilterChanges({ filter: transactions }), [transactionHash]);
  assert.equal(await reader.uninstallFilter({ filter: events }), true);
});

test('blocks, transactions and receipts', async () => {
  const block = await reader.getBlock({ includeTransactions: true });
  assert.equal(block.gasLimit, 2n ** 50n);
  assert.equal(block.baseFeePerGas, baseFee);
  assert.equal(BigInt(block.l1BlockNumber), block.number, 'a field of Arbitrum');
  assert.equal(block.sendCount, '0x0', 'a field of Arbitrum');
  const [transaction] = block.transactions;
  assert.deepEqual([transaction.from, transaction.to], [alice.address.toLowerCase(), contract.address.toLowerCase()]);
  assert.deepEqual(await reader.getTransaction({ hash: transaction.hash }), transaction);
  assert.deepEqual(await reader.getTransaction({ blockHash: block.hash, index: 0 }), transaction);
  const receipt = await reader.getTransactionReceipt({ hash: transaction.hash });
  assert.equal(receipt.blockHash, block.hash);
  assert.equal(receipt.cumulativeGasUsed, block.gasUsed);
  assert.equal(receipt.gasUsedForL1, '0x0', 'a field of Arbitrum');
  assert.equal(BigInt(receipt.l1BlockNumber), block.number, 'a field of Arbitrum');
  assert.equal(await reader.getTransactionConfirmations({ hash: transaction.hash }), 1n);
  const history = await reader.getFeeHistory({ blockCount: 4, rewardPercentiles: [50] });
  assert.deepEqual(new Set(history.baseFeePerGas), new Set([baseFee]));
});

test('subscriptions over WebSocket', async () => {
  const address = contract.address;
  let stops = [];
  const [head, log] = await new Promise((resolve, reject) => {
    const seen = {};
    const notice = (name) => ({ result }) => {
      seen[name] = result;
      if (seen.head && seen.log) resolve([seen.head, seen.log]);
    };
    const subscribe = (params, name) => socket.transport.subscribe({ params, onData: notice(name), onError: reject });
    // The change comes when the node has confirmed both subscriptions.
    Promise.all([subscribe(['newHeads'], 'head'), subscribe(['logs', { address }], 'log')])
      .then((subscriptions) => {
        stops = subscriptions.map(({ unsubscribe }) => unsubscribe);
        return wallet.writeContract({ ...contract, functionName: 'set', args: [11n] });
      })
      .catch(reject);
  });
  const [event] = parseEventLogs({ abi, logs: [log] });
  assert.equal(event.args.value, 11n);
  assert.equal(head.hash, event.blockHash);
  await Promise.all(stops.map((stop) => stop()));
});

test('the node signs for its accounts', async () => {
  const message = 'restake';
  const unlocked = createWalletClient({ chain, account: bob.address, transport: http() });
  const signature = await unlocked.signMessage({ message });
  assert.equal(await recoverMessageAddress({ message, signature }), bob.address);
  const types = { Note: [{ name: 'number', type: 'uint256' }] };
  const typed = { domain: { chainId }, types, primaryType: 'Note', message: { number: 1n } };
  assert.equal(await unlocked.signTypedData(typed), await privateKeyToAccount(bob.key).signTypedData(typed));
  const receipt = await mined(unlocked.sendTransaction({ to: stranger, value: 1n }));
  assert.equal(receipt.from, bob.address.toLowerCase());
});

test('accounts are altered and impersonated', async () => {
  const address = '0x00000000000000000000000000000000000beef0';
  await node.setBalance({ address, value: parseEther('2') });
  await node.setNonce({ address, nonce: 5 });
  await node.impersonateAccount({ address });
  const actor = createWalletClient({ chain, account: address, transport: http() });
  const receipt = await mined(actor.writeContract({ ...contract, functionName: 'set', args: [12n] }));
  const [event] = parseEventLogs({ abi, logs: receipt.logs });
  assert.ok(isAddressEqual(event.args.by, address));
  await node.stopImpersonatingAccount({ address });
  await assert.rejects(actor.sendTransaction({ to: stranger }));
  assert.equal(await reader.getTransactionCount({ address }), 6);
  await node.setStorageAt({ ...contract, index: 0, value: pad(toHex(77)) });
  assert.equal(await reader.readContract({ ...contract, functionName: 'get' }), 77n);
  await node.setCode({ address, bytecode: runtimeCode });
  assert.equal(await reader.readContract({ abi, address, functionName: 'get' }), 0n);
});

test('blocks are mined and time is moved by hand', async () => {
  const head = await reader.getBlock();
  await node.mine({ blocks: 3 });
  assert.equal(await reader.getBlockNumber({ cacheTime: 0 }), head.number + 3n);
  await node.setNextBlockTimestamp({ timestamp: head.timestamp + 10_000n });
  await node.mine({ blocks: 1 });
  assert.equal((await reader.getBlock()).timestamp, head.timestamp + 10_000n);
  await node.increaseTime({ seconds: 3_600 });
  assert.ok((await reader.readContract({ ...contract, functionName: 'time' })) >= head.timestamp + 13_600n);
  await node.setAutomine(false);
  assert.equal(await node.getAutomine(), false);
  const hash = await wallet.sendTransaction({ to: stranger, value: 1n });
  assert.equal((await node.getTxpoolStatus()).pending, 1);
  assert.equal((await reader.getTransaction({ hash })).blockNumber, null);
  await node.mine({ blocks: 1 });
  assert.equal((await reader.getTransactionReceipt({ hash })).status, 'success');
  const dropped = await wallet.sendTransaction({ to: stranger, value: 1n });
  await node.dropTransaction({ hash: dropped });
  assert.equal((await node.getTxpoolStatus()).pending, 0);
  await node.setAutomine(true);
  await node.setBlockTimestampInterval({ interval: 5 });
  const before = (await mined(wallet.sendTransaction({ to: stranger }))).blockNumber;
  const after = (await mined(wallet.sendTransaction({ to: stranger }))).blockNumber;
  const [first, second] = await Promise.all([before, after].map((blockNumber) => reader.getBlock({ blockNumber })));
  assert.equal(second.timestamp - first.timestamp, 5n);
  await node.removeBlockTimestampInterval();
});

test('the chain goes back to snapshots and dumps', async () => {
  const get = () => reader.readContract({ ...contract, functionName: 'get' });
  const set = (value) => mined(wallet.writeContract({ ...contract, functionName: 'set', args: [value] }));
  await set(1n);
  const id = await node.snapshot();
  const dump = await node.dumpState();
  await set(2n);
  await node.revert({ id });
  assert.equal(await get(), 1n);
  await set(3n);
  await node.loadState({ state: dump });
  assert.equal(await get(), 1n);
  await set(4n);
  assert.equal(await get(), 4n, 'and goes on from there');
});

test('the precompiles of Arbitrum answer', async () => {
  const address = '0x0000000000000000000000000000000000000064';
  const arbSys = parseAbi([
    'function arbBlockNumber() view returns (uint256)',
    'function arbChainID() view returns (uint256)',
  ]);
  const ask = (functionName) => reader.readContract({ address, abi: arbSys, functionName });
  assert.equal(await ask('arbChainID'), BigInt(chainId));
  // A call happens in the latest block, as with Nitro.
  assert.equal(await ask('arbBlockNumber'), await reader.getBlockNumber({ cacheTime: 0 }));
});

test('the node estimates as on Arbitrum', async () => {
  const address = '0x00000000000000000000000000000000000000C8';
  const nodeInterface = parseAbi([
    'function gasEstimateComponents(address to, bool contractCreation, bytes data) payable ' +
      'returns (uint64 gasEstimate, uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)',
  ]);
  const data = encodeFunctionData({ abi, functionName: 'set', args: [5n] });
  const args = [contract.address, false, data];
  const functionName = 'gasEstimateComponents';
  const { result } = await reader.simulateContract({ address, abi: nodeInterface, functionName, args });
  assert.deepEqual(result, [await reader.estimateGas({ to: contract.address, data }), 0n, baseFee, 0n]);
});

test('requests are batched', async () => {
  const batching = createPublicClient({ chain, transport: http(httpUrl, { batch: true }) });
  const [id, balance, code] = await Promise.all([
    batching.getChainId(),
    batching.getBalance({ address: stranger }),
    batching.getCode(contract),
  ]);
  assert.deepEqual([id, code], [chainId, runtimeCode]);
  assert.ok(balance > 0n);
});
