// Somebody in front of the page: what they see, and what they click.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { Browser, isHere } from "./browser.mjs";
import { TestWallet } from "./wallet.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What WCAG asks for up to AA, as axe names it. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** How long something may take to appear (milliseconds). */
const PATIENCE = 20_000;

export class Visitor {
  /** Somebody with an account, or without a wallet. */
  static async arrive(world, account, options = {}) {
    const browser = await Browser.launch();
    const visitor = new Visitor(world, browser);
    if (account) {
      visitor.wallet = new TestWallet(world, account, options);
      await visitor.wallet.into(browser.context);
    }
    // What the page asks for, also by frames, workers and sockets.
    browser.context.on("request", (request) => visitor.requests.push(request.url()));
    visitor.page = browser.context.pages()[0] ?? (await browser.context.newPage());
    visitor.page.setDefaultTimeout(PATIENCE);
    visitor.page.on("websocket", (socket) => visitor.requests.push(socket.url()));
    // What goes wrong in the page is a failure, whatever it shows.
    visitor.page.on("pageerror", (error) => visitor.errors.push(error.stack ?? error.message));
    await visitor.go("");
    return visitor;
  }

  constructor(world, browser) {
    this.world = world;
    this.browser = browser;
    this.errors = [];
    this.requests = [];
  }

  async go(view) {
    await this.page.goto(`${this.world.url}/#/${view}`);
    await this.page.getByRole("heading", { level: 1 }).waitFor();
  }

  async connect() {
    await this.page.getByRole("button", { name: "Connect wallet" }).click();
    await this.page.getByRole("button", { name: this.wallet.name }).click();
    await this.page.getByRole("button", { name: "Disconnect" }).waitFor();
  }

  /** Clicks a button, in the whole page or within something. */
  async press(name, within = this.page) {
    await within.getByRole("button", { name, exact: true }).click();
  }

  async fill(label, text, within = this.page) {
    await within.getByLabel(label, { exact: true }).fill(text);
  }

  /** Chooses what begins with `text`. */
  async choose(label, text, within = this.page) {
    const field = within.getByLabel(label, { exact: true });
    const option = field.locator("option", { hasText: text });
    await option.waitFor({ state: "attached" });
    await field.selectOption(await option.getAttribute("value"));
  }

  /** Waits until a text is there. */
  async sees(text, within = this.page) {
    await within.getByText(text).first().waitFor();
  }

  /** Waits until a text is gone. */
  async misses(text, within = this.page) {
    await within.getByText(text).first().waitFor({ state: "detached" });
  }

  card(title) {
    return this.page.locator("section.card", { has: this.page.getByRole("heading", { name: title, exact: true }) });
  }

  /** The row of a table that has a text. */
  row(table, text) {
    return this.page.getByRole("region", { name: table, exact: true }).getByRole("row").filter({ hasText: text });
  }

  /** What a reader with a machine cannot use, in this view and both schemes of colour. */
  async isAccessible(view) {
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await this.page.evaluate(AXE);
      const { violations } = await this.page.evaluate(
        (values) => axe.run(document, { runOnly: { type: "tag", values } }),
        RULES,
      );
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
      );
      assert.deepEqual(found, [], `${view} in ${colorScheme}`);
    }
  }

  /** Whether everything fits into the width of the screen. */
  async fits(view) {
    const [wide, screen] = await this.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= screen, `${view} is ${wide} wide on a screen of ${screen}`);
  }

  /** Whether everything fits into the width of a phone. */
  async fitsPhone(view) {
    const before = this.page.viewportSize();
    await this.page.setViewportSize({ width: 360, height: 740 });
    try {
      await this.fits(view);
    } finally {
      await this.page.setViewportSize(before);
    }
  }

  /** Goes away: nothing went wrong in the page, and nobody was asked but its server and the node. */
  async leave() {
    const connected = await this.browser.close();
    assert.deepEqual(this.errors, [], "errors in the page");
    const known = [this.world.url, this.world.rpcUrl, this.world.rpcUrl.replace("http", "ws"), "data:"];
    assert.ok(
      this.requests.some((url) => url.startsWith(`${this.world.url}/api/`)),
      "the page asked its server nothing",
    );
    assert.deepEqual(
      this.requests.filter((url) => !known.some((start) => url.startsWith(start))),
      [],
      "asked of others",
    );
    assert.ok(connected.length > 0, "the browser's log knows of no connection");
    assert.deepEqual(
      connected.filter((address) => !isHere(address)),
      [],
      "connections beyond this machine",
    );
  }
}
