/** Events as they are read: those without a sentence of their own are told as `name { field: value, .. }`. */

import { amount, percent } from "./amounts";
import { moment } from "./times";

export interface Told {
  /** What happened. */
  what: string;
  /** To whom, and how much. */
  details: string[];
}

/** Fields that say nothing to people: shares are what amounts are counted by, hashes are for programs. */
const SILENT = /shares|evidence|commitment|root|request$|token$|flags|pausedBefore/i;
const FRACTIONS = new Set(["wad", "raise", "budget", "taken", "magnitude", "challengerShare", "rewardRate", "weight"]);
const TIMES = new Set(["effectiveAt", "ends", "readyAt", "executableAt", "deadline", "until", "canSlashUntil"]);
/** From when on a number is an amount in base units, and not a count. */
const UNITS = 10n ** 12n;

function words(name: string): string {
  const apart = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return apart.charAt(0).toUpperCase() + apart.slice(1);
}

function value(field: string, text: string): string {
  if (!/^\d+$/.test(text)) return text;
  const number = BigInt(text);
  if (TIMES.has(field)) return number >= 2n ** 63n ? "no end" : moment(Number(number));
  if (FRACTIONS.has(field)) return percent(number);
  return number >= UNITS ? amount(number) : text;
}

/** The sentence of an event, taken apart where it is none. */
export function told(sentence: string): Told {
  const [, name, fields] = /^[\w-]+: (\w+) \{ (.*) \}$/.exec(sentence) ?? [];
  if (name === undefined || fields === undefined) return { what: sentence, details: [] };
  // What is nested is what its event's own fields say already.
  const flat = fields.replace(/\w+: \w+ \{[^}]*\}/g, "").split(", ");
  const pairs = flat.map((pair) => pair.split(": ")).filter(([field, text]) => text && field && !SILENT.test(field));
  return {
    what: words(name),
    details: pairs.map(([field, text]) => `${words(field as string)}: ${value(field as string, text as string)}`),
  };
}
