/** The wallet: which there are, which is connected, and the button that leads to it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../state";
import { short } from "../text/amounts";
import { declined } from "../wallet/session";
import { Empty } from "./parts";

/** Opens the dialog of wallets from wherever a wallet is needed. */
const OPEN = "restake:connect";

export function askForWallet(): void {
  window.dispatchEvent(new Event(OPEN));
}

/** The dialog. */
export function Wallets() {
  const { wallets, connect } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    const open = () => {
      setFailure(undefined);
      dialog.current?.showModal();
    };
    window.addEventListener(OPEN, open);
    return () => window.removeEventListener(OPEN, open);
  }, []);
  const choose = async (wallet: (typeof wallets)[number]) => {
    try {
      await connect(wallet);
      dialog.current?.close();
    } catch (error) {
      setFailure(declined(error) ? "Declined in the wallet." : ((error as Error).message ?? String(error)));
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="wallets">
      <header>
        <h2 id="wallets">Connect a wallet</h2>
        <button class="plain" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <div class="body">
        {wallets.length === 0 ? (
          <Empty title="No wallet in this browser">
            Install one (MetaMask, Rabby, Frame …) and reload. Everything can be read without.
          </Empty>
        ) : (
          <ul class="wallets">
            {wallets.map((wallet) => (
              <li key={wallet.info.uuid}>
                <button onClick={() => void choose(wallet)}>
                  {wallet.info.icon.startsWith("data:image/") && <img src={wallet.info.icon} alt="" />}
                  {wallet.info.name}
                </button>
              </li>
            ))}
          </ul>
        )}
        {failure && (
          <p class="wrong" role="status">
            {failure}
          </p>
        )}
      </div>
    </dialog>
  );
}

/** Who is connected, at the top of every view. */
export function Account() {
  const { connection, contract, disconnect } = useApp();
  if (!connection) {
    return (
      <button class="primary" onClick={askForWallet}>
        Connect wallet
      </button>
    );
  }
  return (
    <div class="inline">
      {contract && <span class="badge accent">Contract wallet</span>}
      <span class="mono" title={connection.account}>
        {short(connection.account)}
      </span>
      <button class="tight" onClick={disconnect}>
        Disconnect
      </button>
    </div>
  );
}
