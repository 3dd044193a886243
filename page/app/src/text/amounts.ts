/** Amounts as people read and write them. On the way they are decimal strings of base units, as the API gives them. */

/** One, as a wad. */
export const WAD = 10n ** 18n;

/** Every commitment is accepted with this (2^64 - 1). */
export const ANY_COMMITMENT = 2n ** 64n - 1n;

const grouped = new Intl.NumberFormat("en-US");

/** Base units as a number with at most `digits` decimals, rounded down: nobody is shown more than there is. */
export function amount(units: bigint | string, decimals = 18, digits = 4): string {
  const value = BigInt(units);
  const one = 10n ** BigInt(decimals);
  const negative = value < 0n;
  const size = negative ? -value : value;
  const fraction = (size % one).toString().padStart(decimals, "0").slice(0, digits).replace(/0+$/, "");
  const whole = grouped.format(size / one);
  if (whole === "0" && fraction === "" && size > 0n) return `< 0.${"0".repeat(digits - 1)}1`;
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** All digits of base units, for a field that somebody edits. */
export function exact(units: bigint, decimals = 18): string {
  const one = 10n ** BigInt(decimals);
  const fraction = (units % one).toString().padStart(decimals, "0").replace(/0+$/, "");
  return `${units / one}${fraction === "" ? "" : `.${fraction}`}`;
}

/** What was typed as base units; nothing if it is no amount, or finer than a base unit. */
export function parse(typed: string, decimals = 18): bigint | undefined {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(typed.trim().replaceAll(",", ""));
  const [whole, fraction] = [match?.[1] ?? "", match?.[2] ?? ""];
  if (!match || whole + fraction === "" || fraction.length > decimals) return undefined;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** A wad as a percentage with at most `digits` decimals, rounded up: risk is never shown smaller than it is. */
export function percent(wad: bigint | string, digits = 2): string {
  const unit = 10n ** BigInt(16 - digits);
  const rounded = (BigInt(wad) + unit - 1n) / unit;
  return `${exact(rounded, digits)}%`;
}

/** A part of a whole for a bar, 0 to 1. */
export function part(of: bigint | string, whole: bigint | string): number {
  const all = BigInt(whole);
  return all === 0n ? 0 : Math.min(1, Number((BigInt(of) * 10_000n) / all) / 10_000);
}

/** Shares that are worth an amount, all of them for all of it: rounded down, so that no more leaves than was typed. */
export function sharesOf(position: { shares: string; value: string }, typed: bigint): bigint {
  const [shares, value] = [BigInt(position.shares), BigInt(position.value)];
  return typed >= value ? shares : (typed * shares) / value;
}

/** An address as it is recognised: its beginning and end. */
export function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** A name as it is read: programs of the suite are called "service-manager". */
export function title(name: string): string {
  const words = name.replaceAll("-", " ");
  return /^[a-z-]+$/.test(name) ? words.charAt(0).toUpperCase() + words.slice(1) : name;
}
