// Slash requests by clicks of those who see to their end: its resolver takes one back, anyone closes one in vain.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const DAY = 24 * 60 * 60;
const word = (digit) => `0x${String(digit).padStart(64, "0")}`;
let world;
let resolver;
let alice;

const chapter = story(() => [resolver, alice]);

before(async () => {
  world = await World.begin();
  const terms = "--equivocation 50% --recipient insurance-fund --resolver bob";
  await world.restake(`service schedule-terms ${terms} --from owner`);
  // Their notice: five epochs after this one.
  await world.travel(6 * 7 * DAY);
  for (const words of [
    "operator opt-in 50% --from crooked-op",
    "token mint 100 --from crooked-op",
    "staker stake 100 --operator crooked-op --from crooked-op",
    "operator register --from crooked-op",
  ]) {
    await world.restake(words);
  }
  resolver = await Visitor.arrive(world, PEOPLE.bob);
  await resolver.connect();
  alice = await Visitor.arrive(world, PEOPLE.alice);
  await alice.connect();
});
after(async () => {
  await resolver?.leave();
  await alice?.leave();
  await world?.end();
});

/** Proves that the operator answered a task twice. */
async function prove(task) {
  const answers = [];
  for (const digit of [2, 3]) {
    const words = `operator attest --task ${word(task)} --answer ${word(digit)} --from crooked-op`;
    answers.push(world.write(`answer-${digit}.json`, await world.restake(words)));
  }
  const [first, second] = answers;
  await world.restake(`challenge equivocation crooked-op --first ${first} --second ${second} --from challenger`);
}

/** The open request as somebody sees it, with buttons for some of what can be done, and none for the rest. */
async function isOffered(visitor, offered) {
  const row = visitor.row("Slash requests", "Crooked Op");
  const button = (name) => row.getByRole("button", { name, exact: true });
  for (const name of offered) await button(name).waitFor();
  for (const name of ["Execute", "Veto", "Close"].filter((name) => !offered.includes(name))) {
    await button(name).waitFor({ state: "detached" });
  }
  return row;
}

chapter("the terms name who may veto", async () => {
  const { contracts } = await world.ask("config");
  await alice.go(`services/${contracts["service-manager"]}`);
  await alice.page.getByTitle(PEOPLE.bob).first().waitFor();
});

chapter("a request names its resolver, who alone has the button to veto it", async () => {
  await prove(1);
  await resolver.go("requests");
  await isOffered(resolver, ["Execute", "Veto"]);
  await alice.go("requests");
  const row = await isOffered(alice, ["Execute"]);
  await alice.sees(/Veto by/, row);
  await row.getByTitle(PEOPLE.bob).waitFor();
});

chapter("the resolver's veto takes the request back, releases the operator and gives its budget back", async () => {
  await resolver.press("Veto", resolver.row("Slash requests", "Crooked Op"));
  await resolver.sees("Done: Veto the slash");
  await alice.sees("Nobody is to be slashed");
  const { frozenSince, grants } = await world.ask(`operators/${PEOPLE.crooked}`);
  assert.equal(frozenSince, null);
  assert.equal(grants[0].budget, String(5n * 10n ** 17n));
  await alice.go(`operators/${PEOPLE.crooked}`);
  await alice.sees("Crooked Op");
  await alice.misses("Frozen: a fault was proven");
});

chapter("a veto that comes too late is refused before any page knows, and says what was sent", async () => {
  await prove(2);
  const row = await isOffered(resolver, ["Execute", "Veto"]);
  const sent = () => world.rpc("eth_getTransactionCount", [PEOPLE.bob, "latest"]);
  const before = await sent();
  // The next block is the first one after the challenge period; no page has heard of it.
  await world.rpc("evm_increaseTime", [2 * DAY]);
  await resolver.press("Veto", row);
  await resolver.sees("Refused: VetoWindowEnded");
  await resolver.sees(/^it could be vetoed until /);
  await resolver.sees("Nothing was sent.");
  assert.equal(await sent(), before);
  // A wallet that names the gas itself sends it all the same.
  const handle = resolver.wallet.handle.bind(resolver.wallet);
  resolver.wallet.handle = ({ method, params = [] }) =>
    handle({ method, params: method === "eth_sendTransaction" ? [{ ...params[0], gas: "0xf4240" }] : params });
  await resolver.press("Veto", row);
  await resolver.sees("Veto the slash is in a block, and did nothing.");
  await resolver.sees("Refused: VetoWindowEnded");
  assert.equal(Number(await sent()), Number(before) + 1);
  await isOffered(resolver, ["Execute"]);
});

chapter("a request that nobody executed in its week is closed by anyone, and not before", async () => {
  await alice.go("requests");
  await isOffered(alice, ["Execute"]);
  await world.travel(7 * DAY);
  const row = await isOffered(alice, ["Close"]);
  await alice.press("Close", row);
  await alice.sees("Done: Close the expired request");
  await alice.sees("Nobody is to be slashed");
  const { frozenSince, stake } = await world.ask(`operators/${PEOPLE.crooked}`);
  assert.equal(frozenSince, null);
  assert.equal(stake[0].amount, String(100n * 10n ** 18n));
});
