/** What stands where an account would be. */

import { askForWallet } from "./connect";
import { Card, Empty } from "./parts";

export function NoWallet() {
  return (
    <Card>
      <Empty title="No wallet is connected">
        <button class="primary" onClick={askForWallet}>
          Connect a wallet
        </button>
      </Empty>
    </Card>
  );
}
