//! What an interface says: its structs, events, errors and functions, each with its documentation.

use super::plain;
use eyre::{OptionExt, Result};

/// What an item of an interface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Struct,
    Event,
    Error,
    /// A function that can change something.
    Function,
    View,
}

/// An item of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Without the keyword, in one line.
    pub(super) signature: String,
    /// Paragraphs.
    pub(super) documentation: Vec<String>,
}

/// The items of the interface `name`, in the order of `source`.
pub(super) fn items(source: &str, name: &str) -> Result<Vec<Item>> {
    let (_, body) = source.split_once(&format!("interface {name} {{\n")).ok_or_eyre(format!("no interface {name}"))?;
    let (body, _) = body.split_once("\n    }\n").ok_or_eyre(format!("the interface {name} does not end"))?;
    let (mut items, mut documentation) = (Vec::new(), vec![String::new()]);
    let mut text = String::new();
    for line in body.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("///") {
            document(&mut documentation, comment.trim());
            continue;
        }
        if line.is_empty() {
            continue;
        }
        text.push(' ');
        text.push_str(line);
        let complete = if text.trim_start().starts_with("struct ") { line == "}" } else { line.ends_with(';') };
        if complete {
            items.push(item(text.trim(), std::mem::replace(&mut documentation, vec![String::new()]))?);
            text.clear();
        }
    }
    Ok(items)
}

/// Adds a line of a comment to its last paragraph; an empty one begins the next.
pub(super) fn document(paragraphs: &mut Vec<String>, line: &str) {
    if line.is_empty() || paragraphs.is_empty() {
        paragraphs.push(String::new());
    }
    if let Some(paragraph) = paragraphs.last_mut().filter(|_| !line.is_empty()) {
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(&plain(line));
    }
}

fn item(text: &str, documentation: Vec<String>) -> Result<Item> {
    let (keyword, rest) = text.split_once(' ').ok_or_eyre(format!("no item: {text}"))?;
    let rest = rest.trim_end_matches(';');
    let (kind, signature) = match keyword {
        "struct" => (Kind::Struct, rest.to_owned()),
        "event" => (Kind::Event, rest.to_owned()),
        "error" => (Kind::Error, rest.to_owned()),
        "function" if rest.contains(" view") => (Kind::View, rest.replace(" external view", "")),
        "function" => (Kind::Function, rest.replace(" external", "")),
        _ => eyre::bail!("neither struct, event, error nor function: {text}"),
    };
    let signature = signature.replace("( ", "(").replace(" )", ")");
    Ok(Item { kind, signature, documentation })
}

#[cfg(test)]
mod tests {
    use super::{Kind, items};

    const SOURCE: &str = "
    interface IThing {
        /// It happened
        /// to [`who`].
        ///
        /// Twice.
        event Happened(address indexed who);

        struct Pair {
            uint64 left;
            uint64 right;
        }
        function look(
            address who
        ) external view returns (bool);
        function act() external payable;
    }
";

    #[test]
    fn an_interface_is_read_item_by_item() {
        let items = items(SOURCE, "IThing").unwrap();
        let read: Vec<_> = items.iter().map(|item| (item.kind, item.signature.as_str())).collect();
        let expected = [
            (Kind::Event, "Happened(address indexed who)"),
            (Kind::Struct, "Pair { uint64 left; uint64 right; }"),
            (Kind::View, "look(address who) returns (bool)"),
            (Kind::Function, "act() payable"),
        ];
        assert_eq!(read, expected);
        assert_eq!(items[0].documentation, ["It happened to `who`.", "Twice."]);
        assert!(super::items(SOURCE, "IOther").is_err());
    }
}
