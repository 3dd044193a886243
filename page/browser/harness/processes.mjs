// The node, the suite on it and the page's server, as processes of their own; each story has its own.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const RESTAKE = needed("RESTAKE", "the `restake` command");
const SERVER = needed("RESTAKE_PAGE", "the `restake-page` program");
const BUNDLE = needed("RESTAKE_BUNDLE", "the folder of the page's bundle");
/** A chain with a suite and its deployment file: each story begins with a copy. */
const PICTURE = needed("RESTAKE_PICTURE", "a chain with a suite");
const run = promisify(execFile);

function needed(variable, what) {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} says where ${what} is; \`cargo test -p restake-page-browser\` says so`);
  return value;
}

/** A process, once it said where it listens. */
async function started(program, words, options) {
  const child = spawn(program, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const url = await new Promise((resolve, reject) => {
    const hear = (text) => {
      said += text;
      const found = /(?:Listening on|The page is at) (http:\/\/[^ ,\n]+)/.exec(said);
      if (found) resolve(found[1].replace(/\/$/, ""));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${program} ${words.join(" ")} ended with ${code}:\n${said}`)));
  });
  return { child, url };
}

async function ended(child, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

/** A chain with a suite and the page that is about it. */
export class World {
  static async begin() {
    const world = new World();
    world.folder = mkdtempSync(join(tmpdir(), "restake-world-"));
    cpSync(PICTURE, world.folder, { recursive: true });
    await world.startNode();
    await world.startServer();
    return world;
  }

  /** Starts the node, where it was before if it was; with the chain of the file, or with one that is new. */
  async startNode(...words) {
    const chain = words.length > 0 ? words : ["--state", join(this.folder, "chain")];
    const { child, url } = await started(RESTAKE, ["devnode", "--port", this.port ?? "0", ...chain], {
      cwd: this.folder,
    });
    [this.node, this.rpcUrl, this.port] = [child, url, new URL(url).port];
  }

  async startServer() {
    const words = ["page", "--rpc-url", this.rpcUrl, "--port", this.pagePort ?? "0", "--app", BUNDLE];
    const { child, url } = await started(SERVER, words, { cwd: this.folder });
    [this.server, this.url, this.pagePort] = [child, url, new URL(url).port];
  }

  /** The node goes away. What it had is kept. */
  async stopNode() {
    await ended(this.node);
  }

  /** Another chain with the same id, at the same place: without a suite. */
  async beginAgain() {
    await this.stopNode();
    await this.startNode("--timestamp", "1700000000");
  }

  async end() {
    await Promise.all([ended(this.server), ended(this.node)]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs the `restake` command, as somebody in a shell does beside the page. */
  async restake(words) {
    const env = { ...process.env, ETH_RPC_URL: this.rpcUrl };
    const { stdout } = await run(RESTAKE, words.split(" "), { cwd: this.folder, env });
    return stdout;
  }

  /** Writes a file beside the deployment. Returns its name. */
  write(name, text) {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  /** What a file of JSON beside the deployment says. */
  read(name) {
    return JSON.parse(readFileSync(join(this.folder, name), "utf8"));
  }

  /** Asks the node. */
  async rpc(method, params = []) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const { result, error } = await (await fetch(this.rpcUrl, { method: "POST", headers, body })).json();
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
  }

  /** The selector of a function. */
  async selector(signature) {
    return (await this.rpc("web3_sha3", [`0x${Buffer.from(signature).toString("hex")}`])).slice(0, 10);
  }

  /** Sends a call of `signature` with `words` as arguments, each 32 bytes, and `value` wei. */
  async send(from, to, signature, words = [], value = 0n) {
    const data =
      (await this.selector(signature)) + words.map((word) => BigInt(word).toString(16).padStart(64, "0")).join("");
    return this.rpc("eth_sendTransaction", [{ from, to, data, value: `0x${value.toString(16)}` }]);
  }

  /** What the page's server answers. */
  async ask(path) {
    return (await fetch(`${this.url}/api/${path}`)).json();
  }

  /** Lets time pass on the chain. */
  async travel(seconds) {
    await this.rpc("evm_increaseTime", [seconds]);
    await this.rpc("evm_mine");
  }
}
