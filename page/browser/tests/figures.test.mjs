// Figures as people read and write them: never more than there is, never less risk than there is.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const APP = new URL("../../app/", import.meta.url);
const ONE = 10n ** 18n;
let vite;
let amounts;
let times;

before(async () => {
  const { createServer } = await import(pathToFileURL(createRequire(APP).resolve("vite")).href);
  const server = { middlewareMode: true, hmr: false, watch: null };
  vite = await createServer({ root: APP.pathname, configFile: false, logLevel: "error", server, appType: "custom" });
  amounts = await vite.ssrLoadModule("/src/text/amounts.ts");
  times = await vite.ssrLoadModule("/src/text/times.ts");
});
after(() => vite?.close());

test("amounts are rounded down, and dust is not shown as nothing", () => {
  const { amount } = amounts;
  assert.equal(amount(1_999_999n * 10n ** 12n), "1.9999");
  assert.equal(amount(1_234_567n * ONE), "1,234,567");
  assert.equal(amount(1n), "< 0.0001");
  assert.equal(amount(0n), "0");
  assert.equal(amount("1500000", 6), "1.5");
});

test("risk is rounded up", () => {
  const { percent } = amounts;
  assert.equal(percent(ONE / 2n), "50%");
  assert.equal(percent(ONE / 2n + 1n), "50.01%");
  assert.equal(percent(1n), "0.01%");
  assert.equal(percent(0n), "0%");
});

test("what is typed is an amount to the last base unit, or none", () => {
  const { exact, parse } = amounts;
  assert.equal(parse("1.5"), 15n * 10n ** 17n);
  assert.equal(parse(" 1,000.000000000000000001 "), 1000n * ONE + 1n);
  assert.equal(parse(".5"), ONE / 2n);
  for (const none of ["", ".", "1e3", "-1", "0x10", "1.2.3", "1.0000000000000000001", "abc"]) {
    assert.equal(parse(none), undefined, none);
  }
  for (const units of [0n, 1n, ONE, 123_456_789_012_345_678_901n]) assert.equal(parse(exact(units)), units);
});

test("spans name their two largest units", () => {
  const { relative, span } = times;
  assert.equal(span(9 * 86_400 + 3 * 3_600 + 59), "9 d 3 h");
  assert.equal(span(3_600 + 1), "1 h");
  assert.equal(span(61), "1 min 1 s");
  assert.equal(span(0), "0 s");
  assert.equal(relative(100, 40), "in 1 min");
  assert.equal(relative(40, 100), "1 min ago");
});

test("no more shares leave than are worth what was typed, and all of them for all of it", () => {
  const { sharesOf } = amounts;
  const position = { shares: "3000", value: "2000" };
  assert.equal(sharesOf(position, 2_000n), 3_000n);
  assert.equal(sharesOf(position, 5_000n), 3_000n);
  assert.equal(sharesOf(position, 1_000n), 1_500n);
  assert.equal(sharesOf({ shares: "1000", value: "3000" }, 10n), 3n);
});

test("events without a sentence of their own are told in words, amounts and fractions", async () => {
  const { told } = await vite.ssrLoadModule("/src/text/events.ts");
  assert.deepEqual(told("Crooked Op is frozen"), { what: "Crooked Op is frozen", details: [] });
  const staked = "strategy-manager: Staked { staker: Alice, operator: nobody, amount: 1500000000000000000, shares: 15 }";
  assert.deepEqual(told(staked), { what: "Staked", details: ["Staker: Alice", "Operator: nobody", "Amount: 1.5"] });
  const opted = "slasher: OptedIntoSlashing { operator: Alice, budget: 500000000000000000, exclusive: true }";
  assert.deepEqual(told(opted).details, ["Operator: Alice", "Budget: 50%", "Exclusive: true"]);
});
