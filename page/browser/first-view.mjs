// How long the first view takes in a browser, from the navigation until its figures are on the screen:
// `npm run first-view -- http://127.0.0.1:8080`. Every visit is the first of its browser.

import { Browser } from "./harness/browser.mjs";

const VISITS = 5;
/** How long a visit may take (milliseconds). */
const PATIENCE = 60_000;
const [url] = process.argv.slice(2);
if (!url) {
  console.error("Say where the page is: npm run first-view -- http://127.0.0.1:8080");
  process.exit(2);
}

/** Runs in the page: notes when figures and when all answers are on the screen (milliseconds since the navigation). */
function watch() {
  window.__shown = {};
  const look = () => {
    const figures = document.querySelectorAll(".tile dd").length > 0;
    const asked = document.body?.textContent.includes("Reading the chain …") ?? true;
    // Two frames later what is in the document is painted.
    const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(() => then(performance.now())));
    const note = (name) => {
      window.__shown[name] = NaN;
      painted((time) => (window.__shown[name] = time));
    };
    if (figures && !("figures" in window.__shown)) note("figures");
    if (figures && !asked && !("all" in window.__shown)) note("all");
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

async function visit() {
  const browser = await Browser.launch();
  try {
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    await page.addInitScript(watch);
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => window.__shown.all > 0, undefined, { timeout: PATIENCE });
    const shown = await page.evaluate(() => window.__shown);
    const first = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    const tiles = await page.locator(".tile").allTextContents();
    return { first, ...shown, tiles };
  } finally {
    await browser.close();
  }
}

const middle = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const milliseconds = (time) => `${time.toFixed(0)} ms`;
const visits = [];
for (let count = 0; count < VISITS; count += 1) visits.push(await visit());
console.log(visits[0].tiles.map((tile) => tile.trim()).join("; "));
for (const [name, what] of [
  ["first", "something is painted"],
  ["figures", "the figures are on the screen"],
  ["all", "everything that is asked for is on the screen"],
]) {
  const times = visits.map((one) => one[name]);
  const [least, most] = [Math.min(...times), Math.max(...times)];
  console.log(`${what} after ${milliseconds(middle(times))} (${milliseconds(least)} to ${milliseconds(most)})`);
}
