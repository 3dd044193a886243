/** Tables: on a phone each row becomes a card, with the names of the columns inside. */

import type { ComponentChildren } from "preact";

export interface Column<Row> {
  head: string;
  /** Aligned at the right, so that digits stand below digits. */
  number?: boolean;
  /** What can be done with a row: its head is only read aloud. */
  act?: boolean;
  cell: (row: Row) => ComponentChildren;
}

export function Table<Row>(props: {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  id: (row: Row) => string | number;
}) {
  const kind = ({ number, act }: Column<Row>) => (act ? "act" : number ? "number" : "");
  // Roles are said because the layout of a phone takes them from the elements.
  return (
    <div class="table" tabIndex={0} role="region" aria-label={props.label}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {props.columns.map((column) => (
              <th key={column.head} role="columnheader" scope="col" class={kind(column)}>
                {column.act ? <span class="hidden">{column.head}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {props.rows.map((row) => (
            <tr key={props.id(row)} role="row">
              {props.columns.map((column) => (
                <td key={column.head} role="cell" class={kind(column)} data-head={column.act ? "" : column.head}>
                  <div>{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
