/** New blocks, as the node tells of them over its WebSocket. */

/** The latest block. */
export interface Head {
  number: number;
  timestamp: number;
  hash: string;
}

/** The first wait for a node that went away, and the longest (milliseconds). */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

interface Message {
  id?: number;
  result?: unknown;
  method?: string;
  params?: { result: { number: string; timestamp: string; hash: string } };
}

/** Follows the node at `url`: tells of each new block, and of whether the node is there. Returns what ends that. */
export function follow(url: string, told: (head: Head) => void, there: (is: boolean) => void): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let wait = FIRST_WAIT;
  let ended = false;

  const connect = () => {
    socket = new WebSocket(url);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      const ask = (id: number, method: string, params: unknown[]) =>
        socket?.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      ask(1, "eth_subscribe", ["newHeads"]);
      // The block that there is: the next one may take a while.
      ask(2, "eth_getBlockByNumber", ["latest", false]);
      there(true);
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as Message;
      const block = message.params?.result ?? (message.id === 2 ? message.result : undefined);
      if (!block) return;
      const { number, timestamp, hash } = block as { number: string; timestamp: string; hash: string };
      told({ number: Number(number), timestamp: Number(timestamp), hash });
    };
    socket.onclose = () => {
      if (ended) return;
      there(false);
      timer = window.setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };
  connect();
  return () => {
    ended = true;
    window.clearTimeout(timer);
    socket?.close();
  };
}
