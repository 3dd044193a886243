// A network with something to see: stakers, operators, a fault, a raise, withdrawals.

const word = (digit) => `0x${String(digit).padStart(64, "0")}`;

/** Plays it by the command line, as people do beside the page. */
export async function begin(world) {
  const lines = [
    "operator opt-in 50% --from honest-op",
    "operator opt-in 50% --from crooked-op",
    "operator opt-in 20% --from sly-op",
    "token mint 120 --from honest-op",
    "staker stake 100 --operator honest-op --from honest-op",
    "token mint 100 --from crooked-op",
    "staker stake 80 --operator crooked-op --from crooked-op",
    "operator register --from honest-op",
    "operator register --from crooked-op",
    "token mint 200 --from alice",
    "staker stake 40 --from alice",
    "staker stake 60 --operator honest-op --max-commitment 50% --from alice",
    "staker stake 20 --operator crooked-op --max-commitment 50% --from alice",
    "staker stake 12.5 --operator sly-op --max-commitment 20% --from alice",
    "staker queue 10 --operator honest-op --from alice",
    "receipt deposit 6 --from alice",
    "operator raise 35% --from sly-op",
  ];
  for (const words of lines) await world.restake(words);
  const answers = [];
  for (const digit of [2, 3]) {
    const words = `operator attest --task ${word(1)} --answer ${word(digit)} --from crooked-op`;
    answers.push(await world.write(`answer-${digit}.json`, await world.restake(words)));
  }
  await world.restake(
    `challenge equivocation crooked-op --first ${answers[0]} --second ${answers[1]} --from challenger`,
  );
}
