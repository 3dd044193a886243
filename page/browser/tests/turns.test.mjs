// A run on a token with an outflow limit, by clicks: everybody sees when their turn comes, and is paid then.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const DAY = 24 * 60 * 60;
const WEEK = 7 * DAY;
const TABLE = "On the way out";
const word = (digit) => `0x${String(digit).padStart(64, "0")}`;
let world;
let alice;
let bob;
let challenger;

const chapter = story(() => [alice, bob, challenger]);

before(async () => {
  world = await World.begin();
  await world.restake("governance schedule-limits --cap 1000000 --outflow-percent 25 --from owner");
  // Their notice: four epochs. One epoch after it they would lapse.
  await world.travel(4 * WEEK);
  for (const words of [
    "governance apply-limits --from owner",
    "operator opt-in 50% --from crooked-op",
    "token mint 60 --from alice",
    "staker stake 60 --operator crooked-op --max-commitment 50% --from alice",
    "token mint 40 --from bob",
    "staker stake 40 --operator crooked-op --max-commitment 50% --from bob",
  ]) {
    await world.restake(words);
  }
  alice = await Visitor.arrive(world, PEOPLE.alice);
  bob = await Visitor.arrive(world, PEOPLE.bob);
  challenger = await Visitor.arrive(world, PEOPLE.challenger);
  for (const visitor of [alice, bob, challenger]) {
    await visitor.connect();
    await visitor.go("positions");
  }
});
after(async () => {
  for (const visitor of [alice, bob, challenger]) await visitor?.leave();
  await world?.end();
});

/** Queues all that somebody has with the operator. */
async function leave(visitor) {
  await visitor.press("Withdraw", visitor.row("At stake", "Crooked Op"));
  const form = visitor.page.getByRole("form", { name: "Withdraw from Crooked Op" });
  await visitor.press("Max", form);
  await visitor.press("Queue the withdrawal", form);
  await visitor.sees("Done: Queue a withdrawal");
}

/** When what somebody withdraws is released and when it is paid, as their screen says (Unix seconds). */
async function clocks(visitor) {
  const row = visitor.row(TABLE, "Crooked Op");
  await row.waitFor();
  const times = await row.getByRole("time").all();
  return Promise.all(times.map(async (time) => Date.parse(await time.getAttribute("datetime")) / 1000));
}

async function now() {
  return Number((await world.rpc("eth_getBlockByNumber", ["latest", false])).timestamp);
}

/** Completes what somebody withdraws, which is refused until their turn. */
async function isDeferred(visitor) {
  const row = visitor.row(TABLE, "Crooked Op");
  await visitor.sees("Waits for its turn", row);
  await visitor.press("Complete", row);
  await visitor.sees("Refused: WithdrawalDeferredUntil");
  await visitor.sees(/its turn in the token's outflow queue comes at .*: try again then/);
}

async function isPaid(visitor, amount) {
  const row = visitor.row(TABLE, "Crooked Op");
  await visitor.sees("Ready", row);
  await visitor.press("Complete", row);
  await visitor.sees("Done: Complete the withdrawal");
  await visitor.sees("Nothing is on its way out");
  await visitor.go("stake");
  await visitor.sees(`You hold ${amount}`);
}

chapter("what may leave of a token in an epoch is shown with it", async () => {
  await alice.go("");
  await alice.sees("25%", alice.row("Strategies", "lsETH"));
  await alice.go("positions");
});

chapter("who leaves sees when their turn comes, behind those who left before", async () => {
  await leave(alice);
  await leave(bob);
  const [released, paid] = await clocks(alice);
  // 60 at 25 in an epoch, the first of which leave with the release; then 40 more.
  assert.equal(paid - released, (WEEK * 35) / 25);
  assert.deepEqual(await clocks(bob), [released, released + (WEEK * 75) / 25]);
});

chapter("after the release and before their turn nobody is paid, and the page says until when", async () => {
  const [released] = await clocks(alice);
  await world.travel(released - (await now()));
  await isDeferred(alice);
  await isDeferred(bob);
  assert.ok(!(await balanceOf(PEOPLE.alice)), "somebody was paid before their turn");
});

chapter("staking it again waits for the turn as well", async () => {
  await alice.press("Stake again", alice.row(TABLE, "Crooked Op"));
  const form = alice.page.getByRole("form", { name: "Stake the withdrawal again" });
  await alice.choose("With", "Nobody: idle, never slashed", form);
  await alice.press("Stake it again", form);
  await alice.sees("Refused: WithdrawalDeferredUntil");
  await alice.press("Close", form);
});

chapter("each is paid in their turn, and no other", async () => {
  const [, paid] = await clocks(alice);
  await world.travel(paid - (await now()));
  await isPaid(alice, 60);
  await isDeferred(bob);
  const [, last] = await clocks(bob);
  await world.travel(last - (await now()));
  await isPaid(bob, 40);
});

chapter("what is set aside takes a turn by a click, and is claimed in it", async () => {
  for (const words of [
    "staker stake 40 --operator crooked-op --max-commitment 50% --from bob",
    "operator register --from crooked-op",
  ]) {
    await world.restake(words);
  }
  const answers = [];
  for (const digit of [2, 3]) {
    const words = `operator attest --task ${word(1)} --answer ${word(digit)} --from crooked-op`;
    answers.push(world.write(`answer-${digit}.json`, await world.restake(words)));
  }
  const [first, second] = answers;
  await world.restake(`challenge equivocation crooked-op --first ${first} --second ${second} --from challenger`);
  await world.travel(2 * DAY);
  await world.restake("challenge execute 0 --from bob");
  const card = challenger.card("Set aside for you");
  await challenger.sees("2 lsETH", card);
  await challenger.sees("has no turn in the outflow queue yet", card);
  await challenger.press("Take a turn", card);
  await challenger.sees("to claim", card);
  await challenger.press("Claim", card);
  await challenger.sees("Refused: WithdrawalNotReady", card);
  await world.travel(2 * WEEK);
  await challenger.press("Claim", card);
  await card.waitFor({ state: "detached" });
  await challenger.go("stake");
  await challenger.sees("You hold 2");
});

/** What somebody holds of the token. */
async function balanceOf(account) {
  const { tokens } = await world.ask("config");
  const data = `0x70a08231${account.slice(2).toLowerCase().padStart(64, "0")}`;
  return BigInt(await world.rpc("eth_call", [{ to: tokens[0].address, data }, "latest"]));
}
