/** How far an action is, beside the button that began it. */

import type { Action } from "../act/use-action";
import { Notice } from "./parts";

export function Outcome(props: { action: Action }) {
  const { phase } = props.action;
  switch (phase.is) {
    case "idle":
      return null;
    case "trying":
      return <Notice severity="notice" live title="Trying it on the chain …" />;
    case "signing":
    case "mining": {
      const step = phase.steps > 1 ? ` (step ${phase.step} of ${phase.steps})` : "";
      if (phase.is === "signing")
        return <Notice severity="notice" live title={`Confirm in your wallet: ${phase.what}${step}`} />;
      const waits = phase.multisig
        ? "waits for the signatures of your wallet's owners. You may close this page"
        : "is on its way";
      return <Notice severity="notice" live title={`${phase.what}${step} ${waits} …`} />;
    }
    case "done":
      return <Notice severity="good" live title={`Done: ${phase.what}`} />;
    case "refused":
      return (
        <Notice severity="danger" live title={`Refused${phase.name ? `: ${phase.name}` : ""}`}>
          <p class="sentence">{phase.sentence}</p>
          <p class="small muted">{phase.sent}</p>
        </Notice>
      );
    case "failed":
      return (
        <Notice severity="warning" live title="Not done">
          <p>{phase.message}</p>
        </Notice>
      );
  }
}
