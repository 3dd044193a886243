/** What an operator does: lets a service slash a part of its stake, joins it, and leaves it. */

import { useState } from "preact/hooks";
import { type Address, getAddress, isAddress } from "viem";
import { activate, cancelGrant, optIn, optOut, raise } from "../act/calls";
import { plan } from "../act/plan";
import { useAction } from "../act/use-action";
import { useAsked } from "../api/use";
import type { Grant, Operator, Service, Services } from "../api/types";
import { contract, useAccount, useApp, useNow } from "../state";
import { WAD, parse, percent, title } from "../text/amounts";
import { ActButton } from "../ui/act-button";
import { AmountField, SelectField, TextField } from "../ui/fields";
import { NoWallet } from "../ui/no-wallet";
import { Outcome } from "../ui/outcome";
import { Badge, Card, Clock, Empty, Facts, Heading, Notice, Waiting } from "../ui/parts";
import { AskedOf } from "./asked";
import { Join } from "./join";
import { RiskShown } from "./risk-shown";

/** The choice of a service that is not listed. */
const ELSEWHERE = "";

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
  const [typed, type] = useState("");
  const service = chosen !== ELSEWHERE ? (chosen as Address) : isAddress(typed) ? getAddress(typed) : undefined;
  return (
    <>
      <Heading title="Operate">
        An operator lets services slash a part of its stake, and signs for them. Raising that part takes a notice of 28
        days once others have stake with it; leaving needs nobody's consent.
      </Heading>
      {account && <AskedOf operator={account} />}
      {!account ? (
        <NoWallet />
      ) : !services.answer ? (
        <Waiting failure={services.failure} />
      ) : (
        <div class="columns">
          <div class="stack">
            <Card title="Service">
              <SelectField
                label="Service"
                value={chosen}
                set={choose}
                options={[...all, [ELSEWHERE, "Another, by its address"]]}
              />
              {chosen === ELSEWHERE && (
                <TextField
                  label="Address of its ServiceManager"
                  value={typed}
                  set={type}
                  placeholder="0x…"
                  wrong={typed !== "" && service === undefined ? "Not an address." : undefined}
                  hint="A service is listed once an operator lets it slash."
                />
              )}
            </Card>
            {service && (
              <WithService
                key={service}
                service={service}
                account={account}
                grant={own.answer?.grants.find((grant) => grant.service === service)}
              />
            )}
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
      <Promised {...props} acceptsShared={answer?.thresholds?.acceptsShared} />
      {grant?.announced && <Announced {...props} announced={grant.announced} />}
      {answer && <Join {...props} of={answer} />}
    </>
  );
}

/** Opting in, raising, ending. */
function Promised(props: { service: Address; grant: Grant | undefined; acceptsShared: boolean | undefined }) {
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
            hint={
              tier === "shared" && props.acceptsShared === false
                ? "This service does not count shared stake."
                : undefined
            }
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
