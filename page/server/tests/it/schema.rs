//! Whether an answer is what `openapi.json` says: the part of JSON Schema that is used there. A keyword that is not
//! known here is an error, so that nothing is said there that nobody looks at.

use eyre::{OptionExt, Result, bail, ensure};
use serde_json::Value;

/// The document.
pub(crate) fn document() -> Result<Value> {
    Ok(serde_json::from_str(include_str!("../../openapi.json"))?)
}

/// Fails with the place in the value that is not as the schema says.
pub(crate) fn check(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<()> {
    for (keyword, said) in schema.as_object().ok_or_eyre("a schema is an object")? {
        match keyword.as_str() {
            "description" | "default" => {}
            "$ref" => {
                let name = said.as_str().and_then(|name| name.strip_prefix('#')).ok_or_eyre("a reference")?;
                check(document, document.pointer(name).ok_or_eyre("no such schema")?, value, place)?;
            }
            "allOf" => list(said)?.iter().try_for_each(|all| check(document, all, value, place))?,
            "anyOf" => {
                let fits = list(said)?.iter().any(|one| check(document, one, value, place).is_ok());
                ensure!(fits, "{place}: {value} is nothing of {said}");
            }
            "type" => {
                let kinds = said.as_array().cloned().unwrap_or_else(|| vec![said.clone()]);
                ensure!(kinds.iter().any(|kind| is_a(value, kind)), "{place}: {value} is no {said}");
            }
            "enum" => ensure!(list(said)?.contains(value), "{place}: {value} is none of {said}"),
            "minimum" => ensure!(value.as_u64() >= said.as_u64(), "{place}: {value} is less than {said}"),
            "pattern" => {
                let text = value.as_str().ok_or_eyre("a text")?;
                ensure!(matches(text, said.as_str().unwrap_or_default())?, "{place}: {text} is not {said}");
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(document, said, item, &format!("{place}[{index}]"))?;
                }
            }
            "required" => {
                for name in list(said)?.iter().filter(|_| value.is_object()) {
                    let name = name.as_str().unwrap_or_default();
                    ensure!(value.get(name).is_some(), "{place}: {name} is missing in {value}");
                }
            }
            "properties" => {
                for (name, inner) in said.as_object().into_iter().flatten() {
                    if let Some(field) = value.get(name) {
                        check(document, inner, field, &format!("{place}.{name}"))?;
                    }
                }
            }
            "additionalProperties" => {
                for (name, field) in value.as_object().into_iter().flatten() {
                    if schema["properties"].get(name).is_none() {
                        ensure!(*said != Value::Bool(false), "{place}: {name} is not documented");
                        check(document, said, field, &format!("{place}.{name}"))?;
                    }
                }
            }
            unknown => bail!("nobody looks at {unknown}"),
        }
    }
    Ok(())
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().ok_or_eyre("a list")
}

fn is_a(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap_or_default() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64(),
        "null" => value.is_null(),
        _ => false,
    }
}

/// The patterns that are used.
fn matches(text: &str, pattern: &str) -> Result<bool> {
    let hexadecimal = |digits: usize, letters: fn(char) -> bool| {
        text.strip_prefix("0x").is_some_and(|rest| rest.len() == digits && rest.chars().all(letters))
    };
    Ok(match pattern {
        "^(0|[1-9][0-9]*)$" => {
            let digits = !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit());
            digits && (text == "0" || !text.starts_with('0'))
        }
        "^0x[0-9a-fA-F]{40}$" => hexadecimal(40, |letter| letter.is_ascii_hexdigit()),
        "^0x[0-9a-f]{64}$" => hexadecimal(64, |letter| letter.is_ascii_digit() || ('a'..='f').contains(&letter)),
        unknown => bail!("nobody looks at the pattern {unknown}"),
    })
}
