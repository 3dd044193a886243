/** What an operator does: lets a service slash a part of its stake, joins it, and leaves it. */

import { useState } from "preact/hooks";
import { type Address, type Hex, parseSignature, serializeCompactSignature, signatureToCompactSignature } from "viem";
import { activate, cancelGrant, deregister, optIn, optOut, raise, register, updateStakes } from "../act/calls";
import { type Actor, type Plan, plan } from "../act/plan";
import { useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Grant, Operator, Service, Services } from "../api/types";
import { contract, useAccount, useApp, useNow } from "../state";
import { WAD, amount, parse, percent, title } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { AmountField, SelectField, TextField } from "../ui/fields";
import { NoWallet } from "../ui/no-wallet";
import { Outcome } from "../ui/outcome";
import { Badge, Card, Clock, Empty, Facts, Heading, Notice, Waiting } from "../ui/parts";
import { RiskShown } from "./risk-shown";

export function Operate() {
  const account = useAccount();
  const { config } = useApp();
  const own = useAsked<Operator>(account && `operators/${account}`);
  const services = useAsked<Services>("services?limit=500");
  // The service of this deployment is there before any operator lets it slash.
  const home = contract(config, "service-manager");
  const listed = services.answer?.services ?? [];
  const all: [string, string][] = listed.map((one) => [one.address, title(one.name ?? one.address)]);
  if (!all.some(([address]) => address.toLowerCase() === home.toLowerCase()))
    all.unshift([home, "This deployment's service"]);
  const [chosen, choose] = useState<string>(home);
  return (
    <>
      <Heading title="Operate">
        An operator lets services slash a part of its stake, and signs for them. Raising that part takes a notice of 28
        days once others have stake with it; leaving needs nobody's consent.
      </Heading>
      {!account ? (
        <NoWallet />
      ) : !services.answer ? (
        <Waiting failure={services.failure} />
      ) : (
        <div class="columns">
          <div class="stack">
            <Card title="Service">
              <SelectField label="Service" value={chosen} set={choose} options={all} />
            </Card>
            <WithService
              key={chosen}
              service={chosen as Address}
              account={account}
              grant={own.answer?.grants.find(({ service }) => service === chosen)}
            />
          </div>
          <Card title="What your stakers risk">
            {own.answer ? (
              <RiskShown of={own.answer} />
            ) : (
              <Empty title="You are no operator yet">Opt in, and stake with yourself.</Empty>
            )}
          </Card>
        </div>
      )}
    </>
  );
}

function WithService(props: { service: Address; account: Address; grant: Grant | undefined }) {
  const { grant } = props;
  const { answer } = useAsked<Service>(`services/${props.service}`);
  return (
    <>
      <Promised {...props} acceptsShared={answer?.thresholds?.acceptsShared ?? false} />
      {grant?.announced && <Announced {...props} announced={grant.announced} />}
      {answer && <Join {...props} of={answer} />}
    </>
  );
}

/** Opting in, raising, ending. */
function Promised(props: { service: Address; grant: Grant | undefined; acceptsShared: boolean }) {
  const { config } = useApp();
  const { service, grant } = props;
  const [typed, type] = useState("");
  const [tier, setTier] = useState<"exclusive" | "shared">("exclusive");
  const action = useAction(() => type(""));
  const slasher = contract(config, "slasher");
  const budget = parse(typed, 16);
  const ended = grant !== undefined && grant.canSlashUntil !== null;
  const has = grant !== undefined && grant.budget !== "0";
  const call = (of: bigint) =>
    plan(has ? raise(slasher, service, of) : optIn(slasher, service, of, tier === "exclusive"));
  return (
    <Card
      title={has ? "Your promise" : "Opt in"}
      aside={has && <Badge tone={ended ? "warn" : "good"}>{ended ? "Ends" : "In force"}</Badge>}
    >
      {has && (
        <Facts
          of={[
            ["Budget left", percent(grant.budget)],
            ["Tier", grant.tier === "exclusive" ? "guaranteed" : "shared"],
            ["It takes of your stake", percent(grant.takes)],
            ...(grant.canSlashUntil === null
              ? []
              : ([["It can slash until", <Clock key="u" at={grant.canSlashUntil} />]] as [
                  string,
                  preact.ComponentChildren,
                ][])),
          ]}
        />
      )}
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <AmountField
          label={has ? "Raise the budget to" : "Budget"}
          unit="%"
          decimals={16}
          value={typed}
          set={type}
          hint="Of your stake as it began. At least 1%."
        />
        {!has && (
          <SelectField
            label="Tier"
            value={tier}
            set={(value) => setTier(value as typeof tier)}
            options={[
              ["exclusive", "Guaranteed: this service's alone"],
              ["shared", "Shared: other services may take it first"],
            ]}
            hint={tier === "shared" && !props.acceptsShared ? "This service does not count shared stake." : undefined}
          />
        )}
        <div class="inline">
          <ActButton action={action} plan={budget && budget <= WAD ? async () => call(budget) : undefined}>
            {has ? "Raise" : "Opt in"}
          </ActButton>
          {has && !ended && (
            <ActButton action={action} tone="danger" plan={async () => plan(optOut(slasher, service))}>
              End the grant
            </ActButton>
          )}
        </div>
        <Outcome action={action} />
      </form>
    </Card>
  );
}

function Announced(props: { service: Address; account: Address; announced: NonNullable<Grant["announced"]> }) {
  const { config } = useApp();
  const now = useNow();
  const action = useAction();
  const { raise: more, tier, effectiveAt, lapsesAt } = props.announced;
  const slasher = contract(config, "slasher");
  return (
    <Notice
      severity="warning"
      title={`${percent(more)} more is announced (${tier === "exclusive" ? "guaranteed" : "shared"})`}
    >
      <p>
        It can be put into force <Clock at={effectiveAt} />, and lapses <Clock at={lapsesAt} />.
      </p>
      <div class="inline">
        <ActButton
          action={action}
          tone={now < effectiveAt ? "" : "primary"}
          size="tight"
          plan={async () => plan(activate(slasher, props.account, props.service))}
        >
          Put into force
        </ActButton>
        <ActButton action={action} tone="" size="tight" plan={async () => plan(cancelGrant(slasher, props.service))}>
          Withdraw
        </ActButton>
      </div>
      <Outcome action={action} />
    </Notice>
  );
}

/** A registration whose signing key is the account's own: the key signs that it signs for this operator (EIP-712). */
async function registering(actor: Actor, service: Address, registry: Address): Promise<Plan> {
  const operator = actor.connection.account;
  const typed = {
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
    domain: { name: "Restaking Service", version: "1", chainId: actor.chainId, verifyingContract: service },
    message: { operator },
  };
  const signature: Hex = await actor.connection.wallet.provider.request({
    method: "eth_signTypedData_v4",
    params: [operator, JSON.stringify(typed)],
  });
  const compact = serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
  return plan(register(registry, operator, `0x${compact.slice(2, 66)}`, `0x${compact.slice(66)}`));
}

/** A registration with a key elsewhere, whose proof somebody pasted. */
function pasted(registry: Address, text: string): { plan?: Plan; wrong?: string } {
  const [key, signature] = text.trim().split(/\s+/);
  if (!/^0x[0-9a-fA-F]{40}$/.test(key ?? "") || !/^0x[0-9a-fA-F]{128}$/.test(signature ?? "")) {
    return { wrong: "An address and 64 bytes: the key, and its compact signature of the binding." };
  }
  const bytes = (signature as string).slice(2);
  return { plan: plan(register(registry, key as Address, `0x${bytes.slice(0, 64)}`, `0x${bytes.slice(64)}`)) };
}

function Join(props: { service: Address; account: Address; grant: Grant | undefined; of: Service }) {
  const { contract: isCode } = useApp();
  const action = useAction();
  const [elsewhere, setElsewhere] = useState("");
  const { registry, thresholds, operators } = props.of;
  if (registry === null) return null;
  const joined = props.grant?.joined ?? false;
  const weight = operators.find(({ address }) => address === props.account)?.weight ?? "0";
  const other = elsewhere.trim() === "" ? undefined : pasted(registry, elsewhere);
  return (
    <Card
      title="Serve"
      aside={
        joined && (
          <Badge tone={props.grant?.suspended ? "bad" : "good"}>
            {props.grant?.suspended ? "Suspended" : "Serving"}
          </Badge>
        )
      }
    >
      <Facts
        of={[
          ["Stake that you need", thresholds ? amount(thresholds.minimumStake) : "unknown"],
          ["You weigh", amount(weight)],
        ]}
      />
      {joined ? (
        <div class="inline">
          <ActButton action={action} tone="" plan={async () => plan(updateStakes(registry, [props.account]))}>
            Weigh me again
          </ActButton>
          <ActButton action={action} tone="danger" plan={async () => plan(deregister(registry))}>
            Leave the service
          </ActButton>
        </div>
      ) : (
        <form class="form" onSubmit={(event) => event.preventDefault()}>
          <TextField
            label="Signing key elsewhere (may be left empty)"
            value={elsewhere}
            set={setElsewhere}
            wrong={other?.wrong}
            hint={
              isCode
                ? "A contract wallet signs no answers: name a key and its proof."
                : "Left empty, this account signs answers. Else the key's address, and its signature of the binding."
            }
          />
          <ActButton
            action={action}
            plan={
              other
                ? other.plan
                  ? async () => other.plan as Plan
                  : undefined
                : isCode
                  ? undefined
                  : (actor) => registering(actor, props.service, registry)
            }
          >
            Register
          </ActButton>
        </form>
      )}
      <Outcome action={action} />
    </Card>
  );
}
