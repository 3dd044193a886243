// Writes src/api/types.ts, the types of what the server answers, from its description (OpenAPI): one source for both.

import { readFileSync, writeFileSync } from "node:fs";

const { components } = JSON.parse(readFileSync(new URL("../../server/openapi.json", import.meta.url), "utf8"));

/** Strings that TypeScript tells apart further than JSON does. */
const NARROWER = { Address: "`0x${string}`", Hash: "`0x${string}`" };

function comment(text, indent) {
  return text ? `${indent}/** ${text} */\n` : "";
}

function type(schema, indent) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.allOf) return schema.allOf.map((part) => type(part, indent)).join(" & ");
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.map((part) => type(part, indent)).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(" | ");
  switch (schema.type) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "array":
      return `(${type(schema.items, indent)})[]`;
    case "object":
      return object(schema, indent);
    default:
      return "unknown";
  }
}

function object({ properties, required = [], additionalProperties }, indent) {
  if (!properties) return `Record<string, ${additionalProperties ? type(additionalProperties, indent) : "unknown"}>`;
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? "" : "?";
    return `${comment(schema.description, inner)}${inner}${name}${optional}: ${type(schema, inner)};\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

const types = Object.entries(components.schemas).map(([name, schema]) => {
  return `${comment(schema.description, "")}export type ${name} = ${NARROWER[name] ?? type(schema, "")};\n`;
});
const head = "// Written by scripts/types.mjs from page/server/openapi.json.\n\n";
writeFileSync(new URL("../src/api/types.ts", import.meta.url), head + types.join("\n"));
