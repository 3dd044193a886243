// Every view: readable by machines, in both schemes of colour and on a phone; and what the page asks whom.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { begin } from "../harness/story.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const VIEWS = ["", "operators", "services", "requests", "risk", "stake", "positions", "receipts", "operate"];
let world;
let alice;

const chapter = story(() => [alice]);

before(async () => {
  world = await World.begin();
  await begin(world);
  alice = await Visitor.arrive(world, PEOPLE.alice);
  await alice.connect();
});
after(async () => {
  await alice?.leave();
  await world?.end();
});

/** All views, and those of one operator and one service. */
async function views() {
  const { contracts } = await world.ask("config");
  return [
    ...VIEWS,
    `operators/${PEOPLE.crooked}`,
    `services/${contracts["service-manager"]}`,
    `stake/${PEOPLE.honest}`,
  ];
}

/** Waits until a view has its answers. */
async function complete(view) {
  await alice.go(view);
  await alice.misses("Reading the chain …");
}

chapter("no view breaks a rule of WCAG up to AA, in light and in dark", async () => {
  for (const view of await views()) {
    await complete(view);
    assert.equal(await alice.page.getByText("No answer").count(), 0, view);
    await alice.isAccessible(view === "" ? "overview" : view);
  }
});

chapter("the dialog of wallets and a refusal break no rule either", async () => {
  await complete(`stake/${PEOPLE.crooked}`);
  await alice.fill("Amount", "1");
  await alice.sees("You accept a commitment of at most");
  await alice.press("Stake");
  await alice.sees("Refused: OperatorIsFrozen");
  await alice.isAccessible("a refusal");
  await alice.press("Disconnect");
  await alice.press("Connect wallet");
  await alice.isAccessible("wallets");
  await alice.press(alice.wallet.name);
  await alice.page.getByRole("button", { name: "Disconnect" }).waitFor();
});

chapter("every view fits a phone", async () => {
  await alice.page.setViewportSize({ width: 360, height: 740 });
  try {
    for (const view of await views()) {
      await complete(view);
      await alice.fits(view);
    }
    // By clicks, on the phone as well.
    await complete("stake");
    await alice.fill("Amount", "1");
    await alice.press("Stake");
    await alice.sees(/^Done: /);
  } finally {
    await alice.page.setViewportSize({ width: 1280, height: 900 });
  }
});

chapter("a view hears of what others do without a reload", async () => {
  await complete("");
  const tile = alice.page.locator(".tile", { hasText: "Staked" }).locator("dd");
  const before = await tile.textContent();
  await world.restake("token mint 7 --from bob");
  await world.restake("staker stake 7 --from bob");
  await alice.page.waitForFunction((was) => document.querySelector(".tile dd").textContent !== was, before);
});

chapter("a node that goes away is said to be away, and followed when it is back", async () => {
  await complete("");
  await world.stopNode();
  await alice.sees(/The node is away\. What is shown is as of block \d+/);
  await world.startNode();
  await alice.sees(/^Chain 412346, block \d+$/);
  await alice.go("stake");
  await alice.fill("Amount", "1");
  await alice.press("Stake");
  await alice.sees(/^Done: /);
});

chapter("what falls with an operator is shown when it is chosen, by keys as well", async () => {
  await complete("risk");
  const operator = alice.page.getByRole("button", { name: /^Honest Op .* at stake/ });
  await operator.focus();
  await alice.page.keyboard.press("Enter");
  await alice.sees(/If Honest Op fails, .* at stake fail with it/);
  assert.equal(await operator.getAttribute("aria-pressed"), "true");
});

chapter("the colours follow the system, unless somebody says otherwise, through a reload", async () => {
  const ground = () => alice.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await alice.page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  await alice.press("Colours: system");
  const chosen = alice.page.locator("html[data-scheme=light]");
  await chosen.waitFor();
  const light = await ground();
  assert.notEqual(light, dark);
  await alice.page.reload();
  await chosen.waitFor();
  assert.equal(await ground(), light);
});

chapter("the browser refuses the page every address but its own and the node's", async () => {
  const tried = await alice.page.evaluate(async () => {
    const blocked = new Promise((resolve) =>
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.blockedURI), { once: true }),
    );
    const fetched = await fetch("http://127.0.0.1:9/nobody").then(
      () => "fetched",
      () => "refused",
    );
    return { fetched, blocked: await blocked };
  });
  assert.equal(tried.fetched, "refused");
  assert.match(tried.blocked, /^http:\/\/127\.0\.0\.1:9/);
});
