/** What a signing key signs so that an operator can register it: that it signs for this operator (EIP-712). */

import { type Address, type Hex, parseSignature, serializeCompactSignature, signatureToCompactSignature } from "viem";
import { register, type rotateKey } from "./calls";
import { type Actor, type Plan, plan } from "./plan";

/** `IRegistry.KeyBinding` as typed data of a service. */
export function binding(chainId: number, service: Address, operator: Address) {
  return {
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "version", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      KeyBinding: [{ name: "operator", type: "address" }],
    },
    primaryType: "KeyBinding",
    domain: { name: "Restaking Service", version: "1", chainId, verifyingContract: service },
    message: { operator },
  };
}

/** What a signing key is named for: to register with it, or to sign with it from now on. */
export type Naming = typeof register | typeof rotateKey;

/** Names a key that signed the binding; the signature is compact (64 bytes). */
function named(naming: Naming, registry: Address, key: Address, compact: Hex): Plan {
  return plan(naming(registry, key, `0x${compact.slice(2, 66)}`, `0x${compact.slice(66)}`));
}

/** A signature of 65 bytes as one of 64. */
function compacted(signature: Hex): Hex {
  return serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
}

/** A registration whose signing key is the account's own. */
export async function registering(actor: Actor, service: Address, registry: Address): Promise<Plan> {
  const operator = actor.connection.account;
  const signature: Hex = await actor.connection.wallet.provider.request({
    method: "eth_signTypedData_v4",
    params: [operator, JSON.stringify(binding(actor.chainId, service, operator))],
  });
  return named(register, registry, operator, compacted(signature));
}

/** Names a key elsewhere, whose signature of the binding somebody pasted. */
export function pasted(naming: Naming, registry: Address, text: string): { plan?: Plan; wrong?: string } {
  const [, key, signature] =
    /^(0x[0-9a-f]{40})\s+(0x(?:[0-9a-f]{128}|[0-9a-f]{128}(?:00|01|1b|1c)))$/i.exec(text) ?? [];
  if (key === undefined || signature === undefined) {
    return { wrong: "The key's address, a space, and its signature of the binding: 64 or 65 bytes." };
  }
  const compact = signature.length === 130 ? (signature as Hex) : compacted(signature as Hex);
  return { plan: named(naming, registry, key as Address, compact) };
}
