// The small EVM contract that all clients deploy and call, written by hand since no compiler is needed for it.
//
//   constructor(uint256 initial)          value = initial
//   set(uint256 to)                       value = to; emits Changed(msg.sender, to)
//   get() returns (uint256)               value
//   time() returns (uint256)              block.timestamp
//   spend(uint256 wanted)                 reverts with TooLittle(value, wanted)

/** The human-readable ABI. */
export const abi = [
  'constructor(uint256 initial)',
  'function set(uint256 to)',
  'function get() view returns (uint256)',
  'function time() view returns (uint256)',
  'function spend(uint256 wanted)',
  'event Changed(address indexed by, uint256 value)',
  'error TooLittle(uint256 have, uint256 wanted)',
];

/** keccak256("Changed(address,uint256)"). */
export const changedTopic = '0xb52dda022b6c1a1f40905a85f257f689aa5d69d850e49cf939d688fbe5af5946';

const selectors = { set: '60fe47b1', get: '6d4ce63c', time: '16ada547', spend: '1dbf3bc7', tooLittle: '618bc7c9' };

const dispatcher = '5f3560e01c'; // the selector: CALLDATALOAD(0) >> 224
const refuse = '5f5ffd'; // REVERT(0, 0)
const bodies = {
  set: [
    '5b60043580', // to, to: CALLDATALOAD(4)
    '5f555f52', // SSTORE(0, to), MSTORE(0, to) with the copy that DUP1 made
    '337f' + changedTopic.slice(2), // the topics: CALLER, Changed
    '60205fa200', // LOG2(0, 32), STOP
  ].join(''),
  get: '5b5f545f5260205ff3', // RETURN(SLOAD(0))
  time: '5b425f5260205ff3', // RETURN(TIMESTAMP)
  spend: [
    '5b63' + selectors.tooLittle + '60e01b5f52', // MSTORE(0, TooLittle << 224)
    '5f54600452', // MSTORE(4, SLOAD(0))
    '600435602452', // MSTORE(36, CALLDATALOAD(4))
    '60445ffd', // REVERT(0, 68)
  ].join(''),
};

const bytes = (code) => code.length / 2;
const hex = (number, length) => number.toString(16).padStart(2 * length, '0');

/** The code of the deployed contract: one comparison of ten bytes for each function, then their bodies. */
function assembleRuntime() {
  const functions = Object.entries(bodies);
  let position = bytes(dispatcher) + 10 * functions.length + bytes(refuse);
  let comparisons = '';
  for (const [name, body] of functions) {
    comparisons += '8063' + selectors[name] + '1460' + hex(position, 1) + '57'; // DUP1, PUSH4, EQ, PUSH1, JUMPI
    position += bytes(body);
  }
  return dispatcher + comparisons + refuse + functions.map(([, body]) => body).join('');
}

/** The init code without the argument of the constructor, which comes after it. */
function assembleInit(runtime) {
  const length = 22; // of the instructions below
  const stores = '602061' + hex(length + bytes(runtime), 2) + '5f395f515f55'; // SSTORE(0, the 32 bytes after the code)
  const returns = '61' + hex(bytes(runtime), 2) + '8061' + hex(length, 2) + '5f395ff3'; // RETURN(the runtime code)
  return stores + returns + runtime;
}

const code = assembleRuntime();

/** The deployed code. */
export const runtimeCode = '0x' + code;

/** What deploys it, once the constructor's argument is appended. */
export const initCode = '0x' + assembleInit(code);
