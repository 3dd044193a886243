// A fault by clicks: proven, frozen, slashed, and claimed; and what a staker of the operator sees of it.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const DAY = 24 * 60 * 60;
const word = (digit) => `0x${String(digit).padStart(64, "0")}`;
let world;
let challenger;
let alice;
let answers;

const chapter = story(() => [challenger, alice]);

before(async () => {
  world = await World.begin();
  for (const words of [
    "operator opt-in 50% --from crooked-op",
    "token mint 100 --from crooked-op",
    "staker stake 100 --operator crooked-op --from crooked-op",
    "operator register --from crooked-op",
    "token mint 30 --from alice",
    "staker stake 20 --operator crooked-op --max-commitment 50% --from alice",
  ]) {
    await world.restake(words);
  }
  answers = [];
  for (const digit of [2, 3]) {
    answers.push(await world.restake(`operator attest --task ${word(1)} --answer ${word(digit)} --from crooked-op`));
  }
  challenger = await Visitor.arrive(world, PEOPLE.challenger);
  await challenger.connect();
  alice = await Visitor.arrive(world, PEOPLE.alice);
  await alice.connect();
});
after(async () => {
  await challenger?.leave();
  await alice?.leave();
  await world?.end();
});

/** Fills in two answers of the operator. */
async function accuse(first, second) {
  await challenger.go("requests");
  const card = challenger.card("Prove that an operator answered twice");
  await challenger.fill("Operator", PEOPLE.crooked, card);
  await challenger.fill("First answer", first);
  await challenger.fill("Second answer", second);
}

chapter("what is no evidence is not sent", async () => {
  await accuse(answers[0], "nonsense");
  await challenger.sees("Not JSON.");
  await challenger.fill("Second answer", '{"task":"0x12","taskTime":1}');
  await challenger.sees("task is not 32 bytes.");
  assert.ok(await challenger.page.getByRole("button", { name: "Challenge" }).isDisabled());
});

chapter("two answers to one task freeze their operator, with the bond that is shown", async () => {
  await accuse(answers[0], answers[1]);
  await challenger.sees("Bond:");
  await challenger.press("Challenge");
  await challenger.sees("Done: Challenge the operator");
  await challenger.sees("Crooked Op", challenger.row("Slash requests", "50%"));
});

chapter("a staker whose operator is frozen reads of it first, without a reload", async () => {
  const first = alice.page.locator("main .notice").first();
  await alice.sees("Your stake is touched", first);
  await alice.sees(/Crooked Op/, first);
});

chapter("stake with a frozen operator is refused with the sentence of the command line", async () => {
  await alice.go(`stake/${PEOPLE.crooked}`);
  await alice.sees("Frozen");
  await alice.fill("Amount", "5");
  await alice.sees("You accept a commitment of at most");
  await alice.press("Stake");
  await alice.sees("Refused: OperatorIsFrozen");
  await alice.sees(/Crooked Op is frozen since .* by 1 open slash request\(s\): nothing joins its stake/);
  const { sentence } = await world.ask(`explain?data=${await refusalOfStake()}`);
  await alice.sees(sentence);
  assert.ok(!alice.wallet.wasAsked("eth_sendTransaction"), "something was sent");
});

chapter("withdrawing from a frozen operator is refused", async () => {
  await alice.go("positions");
  await alice.press("Withdraw", alice.row("At stake", "Crooked Op"));
  const form = alice.page.getByRole("form", { name: "Withdraw from Crooked Op" });
  await alice.fill("Amount", "1", form);
  await alice.press("Queue the withdrawal", form);
  await alice.sees("Refused: OperatorIsFrozen");
  assert.ok(!alice.wallet.wasAsked("eth_sendTransaction"), "something was sent");
});

chapter("a slash before its time is refused, and executed by anyone after it", async () => {
  await alice.go("requests");
  const row = alice.row("Slash requests", "Crooked Op");
  await alice.press("Execute", row);
  await alice.sees("Refused: SlashNotExecutable");
  await alice.sees(/the challenge period runs until .*: execute it then/);
  await world.travel(2 * DAY);
  await alice.press("Execute", row);
  await alice.sees("Done: Execute the slash");
  await alice.sees("Nobody is to be slashed");
  await alice.go("positions");
  await alice.sees("10 lsETH", alice.row("At stake", "Crooked Op"));
});

chapter("the challenger claims its part when it is released, and not before", async () => {
  await challenger.go("positions");
  const card = challenger.card("Set aside for you");
  await challenger.sees("6 lsETH", card);
  await challenger.press("Claim", card);
  await challenger.sees("Refused: WithdrawalNotReady");
  await world.travel(14 * DAY);
  await challenger.press("Claim", card);
  await card.waitFor({ state: "detached" });
  await challenger.go("stake");
  await challenger.sees("You hold 6");
});

/** What the chain answers to a stake with the frozen operator. */
async function refusalOfStake() {
  const { contracts, tokens } = await world.ask("config");
  const words = [tokens[0].address, 10n ** 18n, PEOPLE.crooked, 10n ** 18n];
  try {
    await world.send(PEOPLE.alice, contracts["token-pool"], "stake(address,uint128,address,uint64)", words);
  } catch (error) {
    return error.data;
  }
  throw new Error("the stake was not refused");
}
