// Data that operators said they keep, by clicks: asked for, opened by one, not opened by another, and the bonds of it.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const DAY = 24 * 60 * 60;
const TABLE = "Challenges of availability";
/** Three leaves of 16 bytes, the last one shorter: its tree is filled up. */
const DATA = "the quick brown fox jumps over the lazy dog";
let world;
let challenger;
let honest;
let alice;
/** What the operators signed to keep. */
const commitments = {};

const chapter = story(() => [challenger, honest, alice]);

before(async () => {
  world = await World.begin();
  await world.restake("operator opt-in 50% --from honest-op");
  challenger = await Visitor.arrive(world, PEOPLE.challenger);
  honest = await Visitor.arrive(world, PEOPLE.honest);
  alice = await Visitor.arrive(world, PEOPLE.alice);
  for (const visitor of [challenger, honest, alice]) {
    await visitor.connect();
    await visitor.go("requests");
  }
});
after(async () => {
  for (const visitor of [challenger, honest, alice]) await visitor?.leave();
  await world?.end();
});

/** Fills in who is asked for which leaf of what it signed. */
async function ask(operator, commitment, leaf) {
  const card = challenger.card("Ask an operator for data");
  await challenger.fill("Operator", operator, card);
  await challenger.fill("Commitment", commitment, card);
  await challenger.fill("Leaf", leaf, card);
  return card;
}

async function balance(account) {
  return BigInt(await world.rpc("eth_getBalance", [account, "latest"]));
}

chapter("a service whose terms do not punish this says so, until they do", async () => {
  const card = challenger.card("Ask an operator for data");
  await challenger.sees("Its terms of now do not punish this.", card);
  const terms = "--equivocation 50% --unavailability 10% --recipient insurance-fund";
  await world.restake(`service schedule-terms ${terms} --from owner`);
  // Their notice: five epochs after this one.
  await world.travel(6 * 7 * DAY);
  await challenger.misses("Its terms of now do not punish this.", card);
});

chapter("what no operator signed is not sent", async () => {
  const file = world.write("data.bin", DATA);
  await world.restake("operator opt-in 50% --from crooked-op");
  for (const operator of ["honest-op", "crooked-op"]) {
    await world.restake(`token mint 100 --from ${operator}`);
    await world.restake(`staker stake 100 --operator ${operator} --from ${operator}`);
    await world.restake(`operator register --from ${operator}`);
    const task = `0x${"7".padStart(64, "0")}`;
    const words = `operator commit ${file} --task ${task} --leaf-size 16 --from ${operator}`;
    commitments[operator] = await world.restake(words);
  }
  const card = await ask(PEOPLE.honest, "nonsense", "2");
  await challenger.sees("Not JSON.", card);
  await challenger.fill("Commitment", JSON.stringify({ ...JSON.parse(commitments["honest-op"]), root: "0x12" }), card);
  await challenger.sees("root is not 32 bytes.", card);
  await ask(PEOPLE.honest, commitments["honest-op"], "3");
  await challenger.sees("Not one of those that the operator keeps: 3 from 0 on.", card);
  assert.ok(await card.getByRole("button", { name: "Ask for the leaf" }).isDisabled());
  await ask(PEOPLE.crooked, commitments["honest-op"], "2");
  await challenger.press("Ask for the leaf", card);
  await challenger.sees("Refused: NotSigned", card);
  await challenger.sees("no key that Crooked Op had when the task was set signed this", card);
  assert.ok(!challenger.wallet.wasAsked("eth_sendTransaction"), "something was sent");
});

chapter("a leaf is asked for with the bond that is shown, once", async () => {
  const card = await ask(PEOPLE.honest, commitments["honest-op"], "2");
  await challenger.sees("Bond:", card);
  const before = await balance(PEOPLE.challenger);
  await challenger.press("Ask for the leaf", card);
  await challenger.sees("Done: Ask the operator for a leaf", card);
  assert.ok(before - (await balance(PEOPLE.challenger)) >= 10n ** 18n, "no bond was paid");
  await challenger.sees(/in 23 h/, challenger.row(TABLE, "Honest Op"));
  await challenger.press("Ask for the leaf", card);
  await challenger.sees("Refused: AlreadyJudged", card);
});

chapter("an operator that is asked reads of it where it operates, with the deadline", async () => {
  await honest.go("operate");
  const notice = honest.page.locator("main .notice", { hasText: "You are asked for data" });
  await honest.sees(/^Leaf 2 of what you committed to, until .* \(in 23 h \d+ min\)/, notice);
  await honest.isAccessible("what is asked");
  await notice.getByRole("link", { name: "Open it" }).click();
  const heard = alice.page.waitForResponse((response) => response.url().endsWith("/api/requests"));
  await alice.go("operate");
  await heard;
  await alice.sees("You are no operator yet");
  assert.equal(await alice.page.getByText("You are asked for data").count(), 0);
  await alice.go("requests");
});

chapter("an answer from another file is refused, and one without the leaf is not sent", async () => {
  await honest.press("Answer", honest.row(TABLE, "Honest Op"));
  const form = honest.page.getByRole("form", { name: "Open leaf 2" });
  const choose = (text) =>
    form.getByLabel("The file that was committed to", { exact: true }).setInputFiles({
      name: "data.bin",
      mimeType: "application/octet-stream",
      buffer: Buffer.from(text),
    });
  await choose(DATA);
  await honest.sees("It has no leaf 2", form);
  await honest.isAccessible("an answer");
  await honest.fitsPhone("an answer");
  assert.ok(await form.getByRole("button", { name: "Open the leaf" }).isDisabled());
  await honest.fill("Bytes of a leaf", "5000", form);
  await honest.sees("A leaf has 1 to 4096 bytes.", form);
  await honest.fill("Bytes of a leaf", "16", form);
  await choose(DATA.replace("quick", "quiet"));
  await honest.press("Open the leaf", form);
  await honest.sees("Refused: WrongOpening");
  await honest.sees("this is not the leaf that was asked for: is it that file, in leaves of that size?");
  assert.ok(!honest.wallet.wasAsked("eth_sendTransaction"), "something was sent");
  await choose(DATA);
});

chapter("the operator opens the leaf from its file, and has the bond", async () => {
  const form = honest.page.getByRole("form", { name: "Open leaf 2" });
  const before = await balance(PEOPLE.honest);
  await honest.press("Open the leaf", form);
  await honest.sees("Done: Open the leaf");
  await honest.sees("No operator is asked for data");
  assert.ok((await balance(PEOPLE.honest)) > before + 9n * 10n ** 17n, "the operator was not paid the bond");
});

chapter("what nobody opened cannot be resolved before its deadline", async () => {
  const card = await ask(PEOPLE.crooked, commitments["crooked-op"], "0");
  await challenger.press("Ask for the leaf", card);
  await challenger.sees("Done: Ask the operator for a leaf", card);
  const row = alice.row(TABLE, "Crooked Op");
  await row.getByRole("button", { name: "Answer" }).waitFor();
  assert.equal(await row.getByRole("button", { name: "Resolve" }).count(), 0);
});

chapter("after its deadline anyone resolves it: the operator is frozen, as the terms say", async () => {
  await world.travel(DAY + 60);
  const row = alice.row(TABLE, "Crooked Op");
  await row.getByRole("button", { name: "Answer" }).waitFor({ state: "detached" });
  await alice.press("Resolve", row);
  await alice.sees("Done: Resolve the challenge that nobody answered");
  await alice.sees("No operator is asked for data");
  await alice.sees("Crooked Op", alice.row("Slash requests", "5%"));
});

chapter("the challenger withdraws the bond that another's click gave back", async () => {
  await challenger.go("positions");
  const card = challenger.card("Bonds");
  await challenger.sees("1 ETH", card);
  const before = await balance(PEOPLE.challenger);
  await challenger.press("Withdraw", card);
  await card.waitFor({ state: "detached" });
  assert.ok((await balance(PEOPLE.challenger)) > before + 9n * 10n ** 17n, "the bond was not paid");
});
