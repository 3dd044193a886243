// A staker by clicks: in, to an operator, out again, and in once more.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const WEEK = 7 * 24 * 60 * 60;
let world;
let alice;

const chapter = story(() => [alice]);

before(async () => {
  world = await World.begin();
  await world.restake("operator opt-in 50% --from honest-op");
  alice = await Visitor.arrive(world, PEOPLE.alice, { chainId: 1 });
});
after(async () => {
  await alice?.leave();
  await world?.end();
});

chapter("a wallet of another chain is asked to add this one and to change to it", async () => {
  await alice.connect();
  await alice.go("stake");
  alice.wallet.known.delete(412346);
  await alice.fill("ETH to turn into lsETH", "100");
  await alice.page.getByRole("button", { name: "Change to chain 412346" }).first().click();
  await alice.page.getByRole("button", { name: "Get lsETH" }).waitFor();
  assert.equal(alice.wallet.chainId, 412346);
  const added = alice.wallet.asked.find(({ method }) => method === "wallet_addEthereumChain").params[0];
  assert.deepEqual(added.rpcUrls, [world.rpcUrl]);
});

chapter("ETH turns into the token on a development chain", async () => {
  await alice.press("Get lsETH");
  await alice.sees("Done: Turn ETH into lsETH");
  await alice.sees("You hold 100");
});

chapter("stake without an operator is idle, and signed as one permit and one transaction", async () => {
  await alice.fill("Amount", "40");
  await alice.sees("No service can take idle stake");
  await alice.press("Stake");
  await alice.sees(/^Done: Sign a permit/);
  assert.ok(alice.wallet.wasAsked("eth_signTypedData_v4"));
  await alice.go("positions");
  await alice.sees("40 lsETH", alice.row("At stake", "Idle, never slashed"));
});

chapter("what is risked with an operator is shown before anything is signed, and accepted as shown", async () => {
  await alice.go("stake");
  await alice.fill("Amount", "30");
  await alice.choose("Operator", "Honest Op");
  const risk = alice.card("What you risk");
  await alice.sees("Lost at worst, of the stake", risk);
  assert.equal(await alice.page.locator("[data-test=accepted]").textContent(), "50%");
  await alice.press("Stake");
  await alice.sees(/^Done: Sign a permit/);
  const sent = alice.wallet.asked.filter(({ method }) => method === "eth_sendTransaction").at(-1).params[0];
  const accepted = (5n * 10n ** 17n).toString(16).padStart(64, "0");
  assert.ok(sent.data.includes(accepted), "maxCommitment is not the commitment that was shown");
});

chapter("idle stake is delegated to an operator", async () => {
  await alice.go("positions");
  await alice.press("Delegate", alice.row("At stake", "Idle, never slashed"));
  const form = alice.page.getByRole("form", { name: "Delegate idle stake" });
  await alice.fill("Amount", "10", form);
  await alice.choose("To", "Honest Op", form);
  await alice.sees("You accept a commitment of at most", form);
  await alice.press("Delegate now", form);
  await alice.sees("Done: Delegate");
  await alice.sees("40 lsETH", alice.row("At stake", "Honest Op"));
  await alice.sees("30 lsETH", alice.row("At stake", "Idle, never slashed"));
});

chapter("a withdrawal is queued, and too early to complete: the page says until when", async () => {
  await alice.press("Withdraw", alice.row("At stake", "Honest Op"));
  const form = alice.page.getByRole("form", { name: "Withdraw from Honest Op" });
  await alice.fill("Amount", "15", form);
  await alice.press("Queue the withdrawal", form);
  await alice.sees("Done: Queue a withdrawal");
  const row = alice.row("On the way out", "Honest Op");
  await alice.sees("15 lsETH", row);
  await alice.sees("Leaving", row);
  await alice.press("Complete", row);
  await alice.sees("Refused: WithdrawalNotReady");
  await alice.sees(/not ready before .*: try again then/);
});

chapter("after the release it is completed, and the tokens are there", async () => {
  await world.travel(2 * WEEK);
  const row = alice.row("On the way out", "Honest Op");
  await alice.sees("Ready", row);
  await alice.press("Complete", row);
  await alice.sees("Done: Complete the withdrawal");
  await alice.sees("Nothing is on its way out");
  await alice.go("stake");
  await alice.sees("You hold 45");
});

chapter("a withdrawal is staked again, with an operator whose risk is shown", async () => {
  await alice.go("positions");
  await alice.press("Withdraw", alice.row("At stake", "Idle, never slashed"));
  const leaving = alice.page.getByRole("form", { name: "Withdraw from idle stake" });
  await leaving.getByRole("button", { name: "Max" }).click();
  await alice.press("Queue the withdrawal", leaving);
  await alice.sees("Done: Queue a withdrawal");
  await world.travel(2 * WEEK);
  const row = alice.row("On the way out", "Idle stake");
  await alice.sees("Ready", row);
  await alice.press("Stake again", row);
  const form = alice.page.getByRole("form", { name: "Stake the withdrawal again" });
  await alice.choose("With", "Honest Op", form);
  await alice.sees("You accept a commitment of at most", form);
  await alice.press("Stake it again", form);
  await alice.sees("Done: Stake the withdrawal again");
  await alice.sees("55 lsETH", alice.row("At stake", "Honest Op"));
});

chapter("a commitment that rose since it was shown is refused with the sentence of the command line", async () => {
  const away = await Visitor.arrive(world, PEOPLE.bob);
  try {
    await world.restake("token mint 20 --from bob");
    await away.connect();
    await away.go("stake");
    await away.fill("Amount", "5");
    await world.restake("operator opt-in 20% --from crooked-op");
    await away.choose("Operator", "Crooked Op");
    await away.sees("You accept a commitment of at most");
    assert.equal(await away.page.locator("[data-test=accepted]").textContent(), "20%");
    await world.restake("operator raise 60% --from crooked-op");
    await away.sees("The commitment rose to 60%");
    await away.press("Stake");
    await away.sees("Refused: CommitmentAboveMax");
    await away.sees("the operator is committed to 60% (announced raises count), more than the 20% that you accept");
    assert.ok(!away.wallet.wasAsked("eth_sendTransaction"), "something was sent");
    await away.press("Accept 60%");
    await away.press("Stake");
    await away.sees(/^Done: Sign a permit/);
  } finally {
    await away.leave();
  }
});
