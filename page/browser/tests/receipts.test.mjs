// A holder of receipts by clicks.

import { after, before } from "node:test";
import { story } from "../harness/chapters.mjs";
import { World } from "../harness/processes.mjs";
import { Visitor } from "../harness/visitor.mjs";
import { PEOPLE } from "../harness/wallet.mjs";

const WEEK = 7 * 24 * 60 * 60;
let world;
let bob;

const chapter = story(() => [bob]);

before(async () => {
  world = await World.begin();
  await world.restake("token mint 10 --from bob");
  await world.restake("operator opt-in 10% --from honest-op");
  // While the vault is empty a weight holds at once.
  const { contracts } = await world.ask("config");
  const words = [PEOPLE.honest, 10n ** 18n, 10n ** 17n];
  await world.send(PEOPLE.owner, contracts["restaking-weights"], "scheduleWeight(address,uint64,uint64)", words);
  bob = await Visitor.arrive(world, PEOPLE.bob);
  await bob.connect();
  await bob.go("receipts");
});
after(async () => {
  await bob?.leave();
  await world?.end();
});

chapter("a deposit brings receipts, behind an approval that is a step of it", async () => {
  await bob.fill("Deposit", "10");
  await bob.sees(/Brings at least 9\.999/);
  await bob.press("Deposit");
  await bob.sees("Done: Deposit for receipts");
  await bob.sees("You hold 10", bob.card("Redeem"));
});

chapter("redeeming what is idle pays at once", async () => {
  await bob.fill("Redeem", "4");
  await bob.sees(/Worth at least 3\.999/);
  await bob.press("Redeem");
  await bob.sees("Done: Redeem receipts");
  await bob.sees("No redemption is on its way");
  await bob.sees("You hold 4", bob.card("Deposit"));
});

chapter("redeeming more than one holds is refused with the sentence of the command line", async () => {
  await bob.fill("Redeem", "7");
  await bob.press("Redeem");
  await bob.sees("Refused: ERC20InsufficientBalance");
  await bob.sees("Bob has 6 and needs 7");
});

chapter("what operators hold of a redemption is claimed when they release it", async () => {
  await bob.press("Have idle tokens of the vault staked");
  await bob.sees("Done: Have idle tokens of the vault staked");
  await bob.fill("Redeem", "6");
  await bob.press("Redeem");
  await bob.sees("Done: Redeem receipts");
  const row = bob.row("Redemptions on their way", "Claim");
  await bob.press("Claim", row);
  await bob.sees("Refused: NothingToClaim");
  await world.travel(2 * WEEK);
  await bob.press("Claim", row);
  await bob.sees("Done: Claim the redemption");
  await bob.sees("No redemption is on its way");
  await bob.sees("You hold 10", bob.card("Deposit"));
});
