// A wallet for tests: it announces itself as EIP-6963 says, and signs with a development account of the node.

/** The development accounts of the story by their names. */
export const PEOPLE = {
  owner: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  alice: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  bob: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  honest: "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
  crooked: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
  challenger: "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
};

/** What a wallet answers where somebody presses no. */
const DECLINED = { code: 4001, message: "User rejected the request." };

export class TestWallet {
  constructor(world, account, { name = "Test Wallet", chainId } = {}) {
    Object.assign(this, { world, account, name, chainId: chainId ?? 412346 });
    /** What it was asked for, oldest first. */
    this.asked = [];
    this.known = new Set([412346, this.chainId]);
    /** Whether somebody presses no. */
    this.declines = false;
    /** What it adds to the nonce that the node knows: it remembers an older chain. */
    this.nonceAhead = 0;
    /** What was proposed to the owners of a multisig, by the name that it gave it. */
    this.proposed = new Map();
    this.multisig = false;
  }

  /** Whether it was asked for something. */
  wasAsked(method) {
    return this.asked.some((one) => one.method === method);
  }

  async handle({ method, params = [] }) {
    this.asked.push({ method, params });
    const { world } = this;
    switch (method) {
      case "eth_requestAccounts":
        if (this.declines) throw DECLINED;
        return [this.account];
      case "eth_accounts":
        return [this.account];
      case "eth_chainId":
        return `0x${this.chainId.toString(16)}`;
      case "wallet_switchEthereumChain": {
        const wanted = Number(params[0].chainId);
        if (!this.known.has(wanted)) throw { code: 4902, message: "Unrecognized chain ID." };
        this.chainId = wanted;
        return null;
      }
      case "wallet_addEthereumChain":
        this.known.add(Number(params[0].chainId));
        this.chainId = Number(params[0].chainId);
        return null;
      case "eth_getTransactionCount": {
        const counted = Number(await world.rpc(method, params));
        return `0x${(counted + this.nonceAhead).toString(16)}`;
      }
      case "eth_sendTransaction":
        if (this.declines) throw DECLINED;
        if (this.multisig) return this.propose(params[0]);
        return world.rpc(method, params);
      case "eth_signTypedData_v4":
        if (this.declines) throw DECLINED;
        return world.rpc(method, params);
      case "eth_getTransactionReceipt":
        // A multisig's wallet knows its own names, and says nothing of what waits.
        return this.multisig ? null : world.rpc(method, params);
      default:
        throw { code: 4200, message: `The wallet has no ${method}.` };
    }
  }

  /** A multisig gives a name to what its owners have to sign. */
  propose(transaction) {
    const name = `0x${String(this.proposed.size + 1).padStart(64, "5")}`;
    this.proposed.set(name, transaction);
    return name;
  }

  /** The owners signed: it is sent by the multisig itself, in a transaction of another name. */
  async ownersSign(name) {
    const transaction = this.proposed.get(name);
    await this.world.rpc("anvil_impersonateAccount", [this.account]);
    return this.world.rpc("eth_sendTransaction", [transaction]);
  }

  /** Puts it into every page of a browser. */
  async into(context) {
    await context.exposeBinding("__restakeWallet", async (_, request) => {
      try {
        return { result: await this.handle(request) };
      } catch (error) {
        return { error: { code: error.code ?? -32603, message: error.message, data: error.data } };
      }
    });
    await context.addInitScript(announce, { name: this.name });
  }
}

/** Runs in the page. */
function announce({ name }) {
  const listeners = new Map();
  const provider = {
    async request(request) {
      const { result, error } = await window.__restakeWallet(request);
      if (error) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    removeListener: (event, listener) =>
      listeners.set(
        event,
        (listeners.get(event) ?? []).filter((one) => one !== listener),
      ),
  };
  const info = {
    uuid: "4d1f5b3e-0000-4000-8000-000000000001",
    name,
    icon: "data:image/svg+xml,<svg/>",
    rdns: "test.wallet",
  };
  const detail = Object.freeze({ info: Object.freeze(info), provider });
  const tell = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", tell);
  tell();
}
