/** What an operator does: lets a service slash a part of its stake, joins it, and leaves it. */

import { useState } from "preact/hooks";
import { type Address, getAddress, isAddress } from "viem";
import { activate, cancelGrant, optIn, optOut, raise, releaseCommitment } from "../act/calls";
import { plan } from "../act/plan";
import { type Action, useAction } from "../act/use-action";
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

/** What an operator promised a service, if it did. */
interface WithGrant {
  service: Address;
  account: Address;
  grant: Grant | undefined;
  acceptsShared: boolean | undefined;
}

/** Opting in, raising, ending, and releasing what has ended. */
function Promised(props: WithGrant) {
  const { grant } = props;
  const action = useAction();
  const has = grant !== undefined && grant.fullBudget !== "0";
  const ends = has ? grant.canSlashUntil : null;
  return (
    <Card
      title={has ? "Your promise" : "Opt in"}
      aside={has && <Badge tone={ends === null ? "good" : "warn"}>{ends === null ? "In force" : "Ends"}</Badge>}
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
      {ends === null ? (
        <Grow key={String(has)} {...props} has={has} action={action} />
      ) : (
        <Ended {...props} at={ends} action={action} />
      )}
      <Outcome action={action} />
    </Card>
  );
}

/** A grant that ended: what was done before is still slashed until it is over. */
function Ended(props: WithGrant & { at: number; action: Action }) {
  const { config } = useApp();
  const now = useNow();
  const call = () => plan(releaseCommitment(contract(config, "slasher"), props.account, props.service));
  return (
    <div class="form">
      <p class="note">
        It has ended. What you did before can be slashed until then; after that it is released, and counts no longer in
        your commitment.
      </p>
      {now > props.at && (
        <ActButton action={props.action} plan={async () => call()}>
          Release the promise
        </ActButton>
      )}
    </div>
  );
}

/** A first grant, or a larger one. */
function Grow(props: WithGrant & { has: boolean; action: Action }) {
  const { config } = useApp();
  const { service, has, action } = props;
  const [typed, type] = useState("");
  const [tier, setTier] = useState<"exclusive" | "shared">("exclusive");
  const slasher = contract(config, "slasher");
  const budget = parse(typed, 16);
  const call = (of: bigint) =>
    plan(has ? raise(slasher, service, of) : optIn(slasher, service, of, tier === "exclusive"));
  return (
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
            tier === "shared" && props.acceptsShared === false ? "This service does not count shared stake." : undefined
          }
        />
      )}
      <div class="inline">
        <ActButton action={action} plan={budget && budget <= WAD ? async () => call(budget) : undefined}>
          {has ? "Raise" : "Opt in"}
        </ActButton>
        {has && (
          <ActButton action={action} tone="danger" plan={async () => plan(optOut(slasher, service))}>
            End the grant
          </ActButton>
        )}
      </div>
    </form>
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
