// Writes the pictures of the guide: the main views, with the network of the story.

import { mkdirSync, writeFileSync } from "node:fs";
import { small } from "./harness/palette.mjs";
import { World } from "./harness/processes.mjs";
import { begin } from "./harness/story.mjs";
import { Visitor } from "./harness/visitor.mjs";
import { PEOPLE } from "./harness/wallet.mjs";

const FOLDER = new URL("../../docs/guides/images/", import.meta.url).pathname;
const DESK = { width: 1180, height: 800 };
const PHONE = { width: 390, height: 800 };

/** The pictures: which view, in which colours, on what, and what is done before. */
const PICTURES = [
  { name: "overview", view: "" },
  { name: "operators", view: "operators" },
  { name: "operator", view: `operators/${PEOPLE.crooked}`, scheme: "dark" },
  {
    name: "stake",
    view: `stake/${PEOPLE.honest}`,
    async before(alice) {
      await alice.fill("Amount", "25");
      await alice.sees("You accept a commitment of at most");
    },
  },
  { name: "positions", view: "positions" },
  {
    name: "risk",
    view: "risk",
    before: (alice) => alice.page.getByRole("button", { name: /^Honest Op .* at stake/ }).click(),
  },
  { name: "requests", view: "requests" },
  { name: "receipts", view: "receipts" },
  { name: "operate", view: "operate", scheme: "dark" },
  { name: "services", view: "services" },
  { name: "phone", view: "positions", scheme: "dark", on: PHONE },
];

const world = await World.begin();
try {
  await begin(world);
  mkdirSync(FOLDER, { recursive: true });
  const alice = await Visitor.arrive(world, PEOPLE.alice);
  await alice.connect();
  for (const { name, view, scheme = "light", on = DESK, before } of PICTURES) {
    await alice.page.setViewportSize(on);
    await alice.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await alice.go(view);
    await alice.misses("Reading the chain …");
    await before?.(alice);
    await alice.page.evaluate(() => window.scrollTo(0, 0));
    const picture = await alice.page.screenshot({ fullPage: on === DESK });
    writeFileSync(`${FOLDER}page-${name}.png`, small(picture));
    console.log(`page-${name}.png`);
  }
  await alice.leave();
} finally {
  await world.end();
}
