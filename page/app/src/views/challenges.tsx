/** Leaves that operators are asked to open: by when, who opens them, and what comes of those that nobody opened. */

import { useState } from "preact/hooks";
import { answerChallenge, resolveChallenge } from "../act/calls";
import { plan } from "../act/plan";
import { type Action, useAction } from "../act/use-action";
import type { Challenge } from "../api/types";
import { ActButton } from "../ui/act-button";
import { FileField, Form, TextField } from "../ui/fields";
import { Outcome } from "../ui/outcome";
import { Card, Clock, Empty, Who } from "../ui/parts";
import { Possible } from "../ui/possible";
import { Table } from "../ui/table";
import { LEAF_BYTES, LONGEST_LEAF, leafCount, opening } from "./opening";

export function Challenges(props: { of: Challenge[] }) {
  const action = useAction();
  const [open, setOpen] = useState<string>();
  const key = (one: Challenge) => `${one.contract}${one.challengeId}`;
  const opened = props.of.find((one) => key(one) === open);
  const show = (what: string | undefined) => {
    action.reset();
    setOpen(what);
  };
  return (
    <Card flush title="Challenges of availability">
      {props.of.length === 0 ? (
        <Empty title="No operator is asked for data" />
      ) : (
        <Table
          label="Challenges of availability"
          rows={props.of}
          id={key}
          columns={[
            { head: "No.", number: true, cell: (one) => one.challengeId },
            {
              head: "Operator",
              cell: (one) => <Who address={one.operator} name={one.operatorName} kind="operators" />,
            },
            { head: "Service", cell: (one) => <Who address={one.service} name={one.serviceName} kind="services" /> },
            { head: "Leaf", number: true, cell: (one) => one.index },
            { head: "To be opened", cell: (one) => <Clock at={one.deadline} /> },
            {
              head: "What can be done",
              cell: (one) => (
                <>
                  {one.can.map((can) => (
                    <Possible key={can.action} of={can}>
                      {() =>
                        can.action === "resolveChallenge" ? (
                          <Resolve of={one} action={action} />
                        ) : (
                          <button type="button" class="tight" onClick={() => show(key(one))}>
                            Answer
                          </button>
                        )
                      }
                    </Possible>
                  ))}
                </>
              ),
            },
          ]}
        />
      )}
      {opened && (
        <div class="body">
          <Answer key={open} of={opened} action={action} close={() => show(undefined)} />
        </div>
      )}
      {action.phase.is !== "idle" && (
        <div class="body">
          <Outcome action={action} />
        </div>
      )}
    </Card>
  );
}

function Resolve(props: { of: Challenge; action: Action }) {
  const { contract: at, challengeId } = props.of;
  return (
    <ActButton
      action={props.action}
      tone=""
      size="tight"
      plan={async () => plan(resolveChallenge(at, BigInt(challengeId)))}
    >
      Resolve
    </ActButton>
  );
}

/** Opens the leaf, from the file that was committed to. */
function Answer(props: { of: Challenge; action: Action; close: () => void }) {
  const { contract: at, challengeId, index } = props.of;
  const [file, setFile] = useState<File>();
  const [typed, type] = useState(String(LEAF_BYTES));
  const size = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  const isSize = size >= 1 && size <= LONGEST_LEAF;
  const isShort = file !== undefined && isSize && index >= leafCount(file.size, size);
  const answered = async (of: File) => {
    const { leaf, proof } = opening(new Uint8Array(await of.arrayBuffer()), size, index);
    return plan(answerChallenge(at, BigInt(challengeId), leaf, proof));
  };
  return (
    <Form
      title={`Open leaf ${index}`}
      close={props.close}
      button={
        <ActButton action={props.action} plan={file && isSize && !isShort ? () => answered(file) : undefined}>
          Open the leaf
        </ActButton>
      }
    >
      <p class="note">
        Anyone who has the data may; the bond goes to the operator. The file stays in this browser: the leaf and the
        hashes beside its way to the root are all that is sent.
      </p>
      <FileField
        label="The file that was committed to"
        set={setFile}
        wrong={isShort ? `It has no leaf ${index}: its leaves begin at 0.` : undefined}
      />
      <TextField
        label="Bytes of a leaf"
        value={typed}
        set={type}
        wrong={isSize ? undefined : `A leaf has 1 to ${LONGEST_LEAF} bytes.`}
        hint="As it was committed to."
      />
    </Form>
  );
}
