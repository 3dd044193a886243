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
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--no-pings",
        "--disable-client-side-phishing-detection",
        "--gaia-url=http://127.0.0.1:9/",
        "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,Translate",
        // Whatever it tries all the same has no address but this machine's.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        `--log-net-log=${log}`,
        "--net-log-capture-mode=Default",
      ],
    });
    return new Browser(browser, folder, log);
  }

  constructor(context, folder, log) {
    this.context = context;
    this.folder = folder;
    this.log = log;
  }

  /** Ends it. Returns every address that it connected to, by its own log of the network. */
  async close() {
    await this.context.close();
    const { constants, events } = read(readFileSync(this.log, "utf8"));
    const kind = constants.logEventTypes.TCP_CONNECT_ATTEMPT;
    const connected = events
      .filter(({ type, params }) => type === kind && params?.address)
      .map(({ params }) => params.address);
    rmSync(this.folder, { recursive: true, force: true });
    return connected;
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

/** Whether a URL, or an address with a port, is of this machine. */
export function isHere(place) {
  const { hostname } = new URL(place.includes("://") ? place : `tcp://${place}`);
  return LOOPBACK.has(hostname);
}
