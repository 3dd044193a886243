/** What happened, in the sentences of `restake watch`. */

import type { Event } from "../api/types";
import { told } from "../text/events";
import { moment, relative } from "../text/times";
import { useNow } from "../state";
import { Empty } from "./parts";

export function Feed(props: { events: Event[]; nothing: string }) {
  const now = useNow();
  if (props.events.length === 0) return <Empty title={props.nothing} />;
  return (
    <ul class="feed">
      {props.events.map((event) => (
        <li key={`${event.transactionHash}${event.logIndex}`}>
          <Sentence of={event.sentence} />
          <time
            dateTime={new Date(event.timestamp * 1000).toISOString()}
            title={`${moment(event.timestamp)}, block ${event.block}`}
          >
            {relative(event.timestamp, now)}
          </time>
        </li>
      ))}
    </ul>
  );
}

function Sentence(props: { of: string }) {
  const { what, details } = told(props.of);
  return (
    <div>
      <p class={details.length > 0 ? "strong" : "sentence"}>{what}</p>
      {details.length > 0 && <p class="muted small">{details.join(" · ")}</p>}
    </div>
  );
}
