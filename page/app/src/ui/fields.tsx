/** Forms and their fields. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { exact, parse } from "../text/amounts";

export function Field(props: {
  label: ComponentChildren;
  aside?: ComponentChildren;
  hint?: ComponentChildren;
  wrong?: string | undefined;
  children: (id: string, described: string) => ComponentChildren;
}) {
  const id = useId();
  const described = `${id}-hint`;
  return (
    <div class="field">
      <div class="label">
        <label for={id}>{props.label}</label>
        {props.aside && <span class="hint">{props.aside}</span>}
      </div>
      {props.children(id, described)}
      <div id={described}>
        {props.wrong ? <p class="wrong">{props.wrong}</p> : props.hint && <p class="hint">{props.hint}</p>}
      </div>
    </div>
  );
}

/** An amount that is typed, with a button for all there is. */
export function AmountField(props: {
  label: string;
  unit: string;
  decimals?: number;
  value: string;
  max?: bigint | undefined;
  set: (typed: string) => void;
  aside?: ComponentChildren;
  hint?: ComponentChildren;
}) {
  const decimals = props.decimals ?? 18;
  const wrong =
    props.value !== "" && parse(props.value, decimals) === undefined
      ? "Not an amount: digits, and at most one point."
      : undefined;
  return (
    <Field label={props.label} aside={props.aside} hint={props.hint} wrong={wrong}>
      {(id, described) => (
        <div class="with-unit">
          <input
            id={id}
            aria-describedby={described}
            aria-invalid={wrong !== undefined}
            inputMode="decimal"
            autocomplete="off"
            placeholder="0"
            value={props.value}
            onInput={(event) => props.set(event.currentTarget.value)}
          />
          <span class="unit">
            {props.max !== undefined && (
              <button type="button" class="plain" onClick={() => props.set(exact(props.max as bigint, decimals))}>
                Max
              </button>
            )}
            {props.unit}
          </span>
        </div>
      )}
    </Field>
  );
}

export function SelectField(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  options: [value: string, text: string][];
  hint?: ComponentChildren;
}) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id, described) => (
        <select
          id={id}
          aria-describedby={described}
          value={props.value}
          onChange={(event) => props.set(event.currentTarget.value)}
        >
          {props.options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function TextField(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: ComponentChildren;
  placeholder?: string;
  lines?: boolean;
  wrong?: string | undefined;
}) {
  return (
    <Field label={props.label} hint={props.hint} wrong={props.wrong}>
      {(id, described) => {
        const common = {
          id,
          "aria-describedby": described,
          "aria-invalid": props.wrong !== undefined,
          placeholder: props.placeholder ?? "",
          value: props.value,
          spellcheck: false,
          autocomplete: "off",
        } as const;
        return props.lines ? (
          <textarea {...common} onInput={(event) => props.set(event.currentTarget.value)} />
        ) : (
          <input {...common} onInput={(event) => props.set(event.currentTarget.value)} />
        );
      }}
    </Field>
  );
}

/** A file that somebody chooses. It goes nowhere. */
export function FileField(props: { label: string; set: (file: File | undefined) => void; wrong?: string | undefined }) {
  return (
    <Field label={props.label} wrong={props.wrong}>
      {(id, described) => (
        <input
          id={id}
          type="file"
          aria-describedby={described}
          aria-invalid={props.wrong !== undefined}
          onChange={(event) => props.set(event.currentTarget.files?.[0])}
        />
      )}
    </Field>
  );
}

/** A form that opens beside what it is about, and can be closed again. */
export function Form(props: {
  title: string;
  close: () => void;
  children: ComponentChildren;
  button: ComponentChildren;
}) {
  return (
    <form class="form" aria-label={props.title} onSubmit={(event) => event.preventDefault()}>
      <div class="inline apart">
        <h3>{props.title}</h3>
        <button type="button" class="plain" onClick={props.close}>
          Close
        </button>
      </div>
      {props.children}
      <div class="inline">{props.button}</div>
    </form>
  );
}
