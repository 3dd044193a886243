/** The button that acts: it leads to a wallet and to the chain first, where one of them is missing. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Actor, Plan } from "../act/plan";
import type { Action } from "../act/use-action";
import { useApp } from "../state";
import { declined } from "../wallet/session";
import { askForWallet } from "./connect";

export function ActButton(props: {
  action: Action;
  /** What is to be done; nothing while something is missing. */
  plan: ((actor: Actor) => Promise<Plan>) | undefined;
  children: ComponentChildren;
  tone?: "primary" | "danger" | "plain" | "";
  size?: "wide" | "tight";
}) {
  const { connection, config, enter, older } = useApp();
  const [failure, setFailure] = useState<string>();
  const { action, plan } = props;
  const kind = `${props.tone ?? "primary"} ${props.size ?? ""}`;
  if (!connection) {
    return (
      <button type="button" class={kind} onClick={askForWallet}>
        {props.size === "tight" ? props.children : "Connect a wallet"}
      </button>
    );
  }
  if (connection.chainId !== config.chainId) {
    const change = async () => {
      setFailure(undefined);
      try {
        await enter();
      } catch (error) {
        setFailure(declined(error) ? "Declined in the wallet." : (error as Error).message);
      }
    };
    return (
      <>
        <button type="button" class={kind} onClick={() => void change()}>
          Change to chain {config.chainId}
        </button>
        {failure && <p class="wrong">{failure}</p>}
      </>
    );
  }
  return (
    <button
      type="button"
      class={kind}
     
      disabled={action.busy || plan === undefined || older !== undefined}
      onClick={() => plan && void action.run(plan)}
    >
      {props.children}
    </button>
  );
}
