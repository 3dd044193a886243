// An operator by clicks: lets a service slash, joins it, promises more, and leaves.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

let world;
let operator;
/** The contracts of a service that counts shared stake. */
let shared;

const chapter = story(() => [operator]);

before(async () => {
  world = await World.begin();
  await world.restake("token mint 100 --from honest-op");
  const config = world.write("shared.json", '{"service": {"minimumStake": "10", "acceptsShared": true}}');
  await world.restake(`service deploy --to shared-deployed.json --config ${config} --from owner`);
  const { contracts } = world.read("shared-deployed.json");
  shared = { service: contracts["service-manager"].address, registry: contracts.registry.address };
  operator = await Visitor.arrive(world, PEOPLE.honest);
  await operator.connect();
});
after(async () => {
  await operator?.leave();
  await world?.end();
});

chapter("registering without a grant is refused", async () => {
  await operator.go("operate");
  await operator.press("Register");
  await operator.sees(/^Refused: (NotOptedIn|StakeBelowMinimum)/);
  assert.ok(!operator.wallet.wasAsked("eth_sendTransaction"), "something was sent");
});

chapter("opting in is one click, and in force at once while nobody else has stake", async () => {
  await operator.fill("Budget", "50");
  await operator.press("Opt in");
  await operator.sees("Done: Opt in");
  await operator.sees("Your promise");
  await operator.sees("In force");
});

chapter("registering below the minimum stake is refused with what is missing", async () => {
  await operator.press("Register");
  await operator.sees("Refused: StakeBelowMinimum");
  await operator.sees("the operator weighs 0 and needs 20");
});

chapter("with stake of its own it registers, with the wallet's own key as signing key", async () => {
  await operator.go(`stake/${PEOPLE.honest}`);
  await operator.fill("Amount", "100");
  await operator.sees("You accept a commitment of at most");
  await operator.press("Stake");
  await operator.sees(/^Done: /);
  await operator.go("operate");
  await operator.press("Register");
  await operator.sees("Serving");
  await operator.go(`operators/${PEOPLE.honest}`);
  await operator.sees("Serving");
});

chapter("a service that nobody lets slash yet is named by its address, and counts shared stake", async () => {
  await operator.go("operate");
  await operator.choose("Service", "Another, by its address");
  await operator.fill("Address of its ServiceManager", "0x12");
  await operator.sees("Not an address.");
  await operator.fill("Address of its ServiceManager", shared.service);
  await operator.sees("Opt in");
  await operator.fill("Budget", "20");
  await operator.choose("Tier", "Shared");
  await operator.press("Opt in");
  await operator.sees("Done: Opt in");
  const promise = operator.card("Your promise");
  await operator.sees("In force", promise);
  await operator.sees("shared", promise);
});

chapter("a signing key elsewhere is registered with its own signature of the binding, and no other", async () => {
  const label = "Signing key elsewhere (may be left empty)";
  await operator.fill(label, `${PEOPLE.bob} 0x1234`);
  await operator.sees("The key's address, a space, and its signature of the binding: 64 or 65 bytes.");
  await operator.page.getByText("What a key elsewhere signs").click();
  await operator.fill(label, await bound(PEOPLE.bob, PEOPLE.alice));
  await operator.isAccessible("the binding");
  await operator.fitsPhone("the binding");
  await operator.press("Register");
  await operator.sees("Refused: InvalidKeyProof");
  await operator.sees("the signing key did not sign that it signs for this operator of this service");
  operator.wallet.asked.length = 0;
  await operator.fill(label, await bound(PEOPLE.bob, PEOPLE.bob));
  await operator.press("Register");
  await operator.sees("Serving");
  assert.ok(!operator.wallet.wasAsked("eth_signTypedData_v4"), "the wallet's own key signed a binding");
  assert.equal(await signingKey(), BigInt(PEOPLE.bob));
});

chapter("the signing key is replaced without leaving, and never returns", async () => {
  const label = "Another signing key";
  await operator.fill(label, await bound(PEOPLE.alice, PEOPLE.alice));
  await operator.press("Sign with it");
  await operator.sees("Done: Sign with another key");
  assert.equal(await signingKey(), BigInt(PEOPLE.alice));
  await operator.fill(label, await bound(PEOPLE.bob, PEOPLE.bob));
  await operator.press("Sign with it");
  await operator.sees("Refused: SigningKeyInUse");
  await operator.sees("Bob signs here already, or did: take a key of its own");
});

chapter("more stake counts for the service once the operator had itself weighed again", async () => {
  const counts = async () => (await world.ask(`services/${shared.service}`)).totalStake;
  await world.restake("token mint 50 --from honest-op");
  await world.restake("staker stake 50 --operator honest-op --max-commitment 70% --from honest-op");
  assert.equal(await counts(), String(20n * 10n ** 18n));
  const card = operator.card("Serve");
  await operator.press("Weigh me again", card);
  await operator.sees("Done: Have the operator weighed again", card);
  // What was weighed counts from the block after it.
  await world.rpc("evm_mine");
  await operator.go(`services/${shared.service}`);
  await operator.sees("30", operator.page.locator(".tile", { hasText: "Stake that counts" }));
});

chapter("what a service of the shared tier sees is shown as shared, beside what is guaranteed to another", async () => {
  await operator.go(`services/${shared.service}`);
  const row = operator.row("Who serves it", "Honest Op");
  await operator.sees("shared", row);
  await operator.sees("30", row);
  await operator.go(`operators/${PEOPLE.honest}`);
  await operator.page.getByLabel("70% committed: 50% guaranteed, 20% shared, 0% announced").first().waitFor();
});

chapter("a raise with others' stake is announced, with its clock, and can be withdrawn", async () => {
  await world.restake("token mint 10 --from alice");
  await world.restake("staker stake 10 --operator honest-op --max-commitment 70% --from alice");
  await operator.go("operate");
  await operator.fill("Raise the budget to", "60");
  await operator.press("Raise");
  await operator.sees("10% more is announced (guaranteed)");
  await operator.press("Put into force");
  await operator.sees("Refused: GrantPending");
  await operator.press("Withdraw");
  await operator.misses("10% more is announced (guaranteed)");
});

chapter("a staker whose operator announces a raise reads of it first, with the last moment to leave", async () => {
  await world.restake("operator raise 60% --from honest-op");
  const alice = await Visitor.arrive(world, PEOPLE.alice);
  try {
    await alice.connect();
    const first = alice.page.locator("main .notice").first();
    await alice.sees("Your risk becomes larger", first);
    await alice.sees("Last moment to leave:", first);
    await alice.sees(/in \d+ d/, first);
  } finally {
    await alice.leave();
  }
});

chapter("leaving needs nobody, and what it promised can be taken until the promise has ended", async () => {
  await operator.press("Leave the service");
  await operator.sees("Done: Leave the service");
  await operator.press("Register");
  await operator.sees(/^Refused: /);
  const promise = operator.card("Your promise");
  await operator.sees("Ends", promise);
  await operator.sees("It takes of your stake50%", promise.locator("dl"));
  for (const name of ["Raise", "End the grant", "Release the promise"]) {
    assert.equal(await promise.getByRole("button", { name }).count(), 0, name);
  }
});

chapter("a promise that has ended is released, and another can be made", async () => {
  await world.travel(14 * 24 * 60 * 60);
  const promise = operator.card("Your promise");
  await operator.press("Release the promise", promise);
  await operator.sees("Done: Release the promise");
  await operator.card("Opt in").getByRole("button", { name: "Opt in", exact: true }).waitFor();
  await operator.go(`operators/${PEOPLE.honest}`);
  await operator.page.getByLabel("20% committed: 0% guaranteed, 20% shared, 0% announced").first().waitFor();
});

/** A key and a signature of what the page says that the key signs, as they are pasted. */
async function bound(key, by) {
  const binding = await operator.page.locator("code.block").textContent();
  return `${key} ${await world.rpc("eth_signTypedData_v4", [by, binding])}`;
}

/** The operator's key at the service of the shared tier. */
async function signingKey() {
  const data = `${await world.selector("signingKeyOf(address)")}${PEOPLE.honest.slice(2).padStart(64, "0")}`;
  return BigInt(await world.rpc("eth_call", [{ to: shared.registry, data }, "latest"]));
}
