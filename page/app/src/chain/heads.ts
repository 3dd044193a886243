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

/** A block as nodes tell of it. */
interface Block {
  number: string;
  timestamp: string;
  hash: string;
}

interface Message {
  id?: number;
  /** The answer to a question; to the first one it is the number of the subscription. */
  result?: Block;
  params?: { result: Block };
}

/** Who is told what. */
export interface Followed {
  /** Each new block. */
  head: (head: Head) => void;
  /** The hash of the first block, with each connection: a chain that began again has another one. */
  genesis: (hash: string) => void;
  /** Whether the node is there. */
  there: (is: boolean) => void;
}

/** What is asked with each connection, by the number of the question. */
const QUESTIONS: Record<number, [method: string, params: unknown[]]> = {
  1: ["eth_subscribe", ["newHeads"]],
  // The block that there is: the next one may take a while.
  2: ["eth_getBlockByNumber", ["latest", false]],
  3: ["eth_getBlockByNumber", ["0x0", false]],
};

/** Follows the node at `url`. Returns what ends that. */
export function follow(url: string, { head, genesis, there }: Followed): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let wait = FIRST_WAIT;
  let ended = false;

  const connect = () => {
    socket = new WebSocket(url);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      for (const [id, [method, params]] of Object.entries(QUESTIONS)) {
        socket?.send(JSON.stringify({ jsonrpc: "2.0", id: Number(id), method, params }));
      }
      there(true);
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as Message;
      const block = message.params?.result ?? (message.id === 1 ? undefined : message.result);
      if (!block) return;
      if (message.id === 3) return genesis(block.hash);
      head({ number: Number(block.number), timestamp: Number(block.timestamp), hash: block.hash });
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
