// The browser: the distribution's Chromium, without anything that it would ask others for.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** A browser with a profile of its own. */
export class Browser {
  static async launch() {
    const folder = mkdtempSync(join(tmpdir(), "restake-page-"));
    const log = join(folder, "net.json");
    const browser = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath: EXECUTABLE,
      headless: true,
      viewport: { width: 1280, height: 900 },
      locale: "en-GB",
      timezoneId: "UTC",
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-domain-reliability",
        "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication",
        `--log-net-log=${log}`, "--net-log-capture-mode=Default",
      ],
    });
    return new Browser(browser, folder, log);
  }

  constructor(context, folder, log) {
    this.context = context;
    this.folder = folder;
    this.log = log;
  }

  /** Ends it. Returns every address that it, or anything in it, asked for, by its own log of the network. */
  async close() {
    await this.context.close();
    const { constants, events } = read(readFileSync(this.log, "utf8"));
    const started = constants.logEventTypes.URL_REQUEST_START_JOB;
    const resolved = constants.logEventTypes.HOST_RESOLVER_MANAGER_REQUEST;
    const asked = events.filter(({ type }) => type === started).map(({ params }) => params?.url);
    const looked = events.filter(({ type }) => type === resolved).map(({ params }) => params?.host);
    rmSync(this.folder, { recursive: true, force: true });
    return { asked: asked.filter(Boolean), looked: looked.filter(Boolean) };
  }
}

/** A log of the network; a browser that had no time left it without an end. */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(`${text.trimEnd().replace(/,$/, "")}]}`);
  }
}

/** Those of `urls` that are not on this machine. */
export function outside(urls) {
  return urls.filter((url) => /^(https?|wss?):/.test(url) && !LOOPBACK.has(new URL(url).hostname));
}
