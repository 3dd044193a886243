// Wallets as they are: people who say no, contracts, reloads, and memories of another chain.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

/** An account with code, whose owners sign one after another. */
const SAFE = "0x5afE5afE5afE5afE5afE5afE5afE5afE5afE5afE";
let world;

before(async () => {
  world = await World.begin();
  await world.restake("token mint 100 --from alice");
});
after(() => world?.end());

/** Somebody comes, does something, and leaves. */
async function visit(account, story, options) {
  const visitor = await Visitor.arrive(world, account, options);
  try {
    await story(visitor);
  } finally {
    await visitor.leave();
  }
}

test("everything can be read without a wallet, and what acts leads to one", async () => {
  await visit(undefined, async (guest) => {
    await guest.go("stake");
    await guest.press("Connect a wallet", guest.card("How much, and with whom"));
    await guest.sees("No wallet in this browser");
  });
});

test("who says no in the wallet has sent nothing, and can go on", async () => {
  await visit(PEOPLE.alice, async (alice) => {
    await alice.connect();
    await alice.go("stake");
    await alice.fill("Amount", "1");
    alice.wallet.declines = true;
    await alice.press("Stake");
    await alice.sees("Declined in the wallet. Nothing was sent.");
    alice.wallet.declines = false;
    await alice.press("Stake");
    await alice.sees(/^Done: /);
  });
});

test("who says no to the second of two steps reads that the first is done", async () => {
  await world.restake("token mint 2 --from bob");
  await visit(PEOPLE.bob, async (bob) => {
    await bob.connect();
    await bob.go("receipts");
    const handle = bob.wallet.handle.bind(bob.wallet);
    bob.wallet.handle = async (request) => {
      const answer = await handle(request);
      bob.wallet.declines = request.method === "eth_sendTransaction";
      return answer;
    };
    await bob.fill("Deposit", "2");
    await bob.press("Deposit");
    await bob.sees("Declined in the wallet. Done before: Let the protocol take this lsETH. Nothing else was sent.");
  });
});

test("what is on its way survives a reload, and is told when it is in a block", async () => {
  await visit(PEOPLE.alice, async (alice) => {
    await alice.connect();
    await alice.go("positions");
    await alice.press("Withdraw", alice.row("At stake", "Idle, never slashed"));
    await world.rpc("evm_setAutomine", [false]);
    try {
      const form = alice.page.getByRole("form", { name: "Withdraw from idle stake" });
      await alice.fill("Amount", "0.5", form);
      await alice.press("Queue the withdrawal", form);
      await alice.sees("Queue a withdrawal is on its way …");
      await alice.page.reload();
      await alice.sees("On its way: Queue a withdrawal");
      assert.equal(await alice.page.getByText("Done: Queue a withdrawal").count(), 0);
      await world.rpc("evm_mine");
      await alice.sees("Done: Queue a withdrawal");
      await alice.misses("On its way: Queue a withdrawal");
    } finally {
      await world.rpc("evm_setAutomine", [true]);
    }
    await alice.sees("Idle stake", alice.row("On the way out", "Leaving"));
  });
});

test("a contract wallet never meets a permit, and its transactions wait for its owners through reloads", async () => {
  const { tokens } = await world.ask("config");
  await world.rpc("anvil_setCode", [SAFE, "0x00"]);
  await world.rpc("anvil_setBalance", [SAFE, "0x8ac7230489e80000"]);
  await world.rpc("anvil_impersonateAccount", [SAFE]);
  await world.send(SAFE, tokens[0].address, "deposit()", [], 5n * 10n ** 18n);
  await visit(SAFE, async (safe) => {
    safe.wallet.multisig = true;
    await safe.connect();
    await safe.sees("Contract wallet");
    await safe.go("stake");
    await safe.sees("You hold 5");
    await safe.fill("Amount", "5");
    await safe.press("Stake");
    await safe.sees("waits for the signatures of your wallet's owners");
    assert.ok(!safe.wallet.wasAsked("eth_signTypedData_v4"), "a contract wallet was asked for a permit");
    const [approval] = [...safe.wallet.proposed.keys()];
    await safe.page.reload();
    await safe.sees("Waits for signatures: Let the protocol take this lsETH");
    // Something else that the multisig does meanwhile is not what was proposed here.
    const { contracts } = await world.ask("config");
    await world.send(SAFE, tokens[0].address, "approve(address,uint256)", [contracts["token-pool"], 1n]);
    await safe.sees(`block ${Number(await world.rpc("eth_blockNumber"))}`);
    await safe.sees("Waits for signatures: Let the protocol take this lsETH");
    await safe.wallet.ownersSign(approval);
    await safe.sees("Done: Let the protocol take this lsETH");
    await safe.misses("Waits for signatures: Let the protocol take this lsETH");
    await safe.fill("Amount", "5");
    await safe.press("Stake");
    await safe.sees("Waits for signatures: Stake");
    const stake = [...safe.wallet.proposed.keys()].at(-1);
    assert.equal(safe.wallet.proposed.size, 2, "more was proposed than an approval and a stake");
    await safe.wallet.ownersSign(stake);
    await safe.sees("Done: Stake");
    await safe.go("positions");
    await safe.sees("5 lsETH", safe.row("At stake", "Idle, never slashed"));
  });
});

test("what was proposed on a chain that began again is not waited for", async () => {
  await visit(SAFE, async (safe) => {
    safe.wallet.multisig = true;
    await safe.connect();
    await safe.go("positions");
    await safe.press("Withdraw", safe.row("At stake", "Idle, never slashed"));
    const form = safe.page.getByRole("form", { name: "Withdraw from idle stake" });
    await safe.fill("Amount", "1", form);
    await safe.press("Queue the withdrawal", form);
    await safe.sees("Waits for signatures: Queue a withdrawal");
    const kept = await safe.page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith("restake:pending:")),
    );
    const { chainId, genesis } = await world.ask("config");
    assert.deepEqual(kept, [`restake:pending:${chainId}:${genesis}`]);
  });
});

test("a wallet with nonces of an older chain is noticed before anything is sent, and told what to reset", async () => {
  await visit(PEOPLE.bob, async (bob) => {
    bob.wallet.nonceAhead = 7;
    await bob.connect();
    await bob.sees("Your wallet remembers an older chain");
    await bob.sees(/Your wallet is at transaction \d+ of this account, the chain at \d+/);
    await bob.sees("Clear activity tab data");
    await bob.go("stake");
    await bob.fill("ETH to turn into lsETH", "1");
    assert.ok(await bob.page.getByRole("button", { name: "Get lsETH" }).isDisabled());
    bob.wallet.nonceAhead = 0;
    await world.rpc("evm_mine");
    await bob.misses("Your wallet remembers an older chain");
    await bob.press("Get lsETH");
    await bob.sees("Done: Turn ETH into lsETH");
  });
});

test("what was sent with a nonce that the chain never reaches is told", async () => {
  await visit(PEOPLE.bob, async (bob) => {
    await bob.connect();
    await bob.go("stake");
    const sent = bob.wallet.handle.bind(bob.wallet);
    bob.wallet.handle = (request) => {
      if (request.method !== "eth_sendTransaction") return sent(request);
      const [transaction] = request.params;
      return sent({ ...request, params: [{ ...transaction, nonce: "0x63" }] });
    };
    await bob.fill("ETH to turn into lsETH", "1");
    await bob.press("Get lsETH");
    await bob.sees("Your wallet remembers an older chain");
    await bob.sees("Your wallet is at transaction 99 of this account");
    await bob.press("Forget");
  });
});

test("a chain that began again is not shown with what was on the old one, which comes back as it was", async () => {
  await visit(PEOPLE.alice, async (alice) => {
    await alice.connect();
    await alice.go("stake");
    await alice.sees("You hold 99");
    await world.beginAgain();
    await alice.sees("Not ready yet");
    await alice.misses("You hold 99");
    await world.stopNode();
    await world.startNode();
    await alice.sees("You hold 99");
  });
});
