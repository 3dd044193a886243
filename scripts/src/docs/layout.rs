//! Where a contract stores its fields, by the rules of the SDK, which are Solidity's: fields share a word while they
//! fit, the first in its lowest bytes; structs and arrays begin a word of their own; mappings and lists take one.

use super::abi::document;
use eyre::{OptionExt, Result, bail, ensure};
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of a word.
const WORD: usize = 32;

/// A field of a contract, or of a struct that a mapping or a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number of its word.
    pub slot: usize,
    /// Its bytes, counted from the lowest.
    pub bytes: Range<usize>,
    /// Its name; of a struct's field with a dot.
    pub name: String,
    /// Its type, in words.
    pub kind: String,
    /// What its comment says.
    pub documentation: String,
}

#[derive(Debug, Clone, Default)]
struct Field {
    name: String,
    kind: String,
    documentation: Vec<String>,
}

/// Storage structs by name, and numbers by the name of their constant.
#[derive(Debug, Default)]
pub(super) struct Structs {
    fields: BTreeMap<String, Vec<Field>>,
    numbers: BTreeMap<String, usize>,
    /// The name of the struct that is a contract's state.
    entrypoint: Option<String>,
}

impl Structs {
    /// Reads the `#[storage]` structs of a source.
    pub(super) fn read(&mut self, source: &str) -> Result<()> {
        let (mut storage, mut entrypoint, mut open) = (false, false, None::<String>);
        let mut field = Field::default();
        for line in source.lines().map(str::trim) {
            if let Some((name, number)) = line.split_once("const ").and_then(|(_, rest)| rest.split_once(": usize = "))
            {
                self.numbers.insert(name.to_owned(), number.trim_end_matches(';').parse()?);
            } else if line == "#[entrypoint]" {
                entrypoint = true;
            } else if line == "#[storage]" {
                storage = true;
            } else if let Some(name) = line.strip_prefix("pub struct ").filter(|_| storage) {
                let (name, body) = name.split_once(" {").ok_or_eyre(format!("no struct: {line}"))?;
                let name = name.to_owned();
                if std::mem::take(&mut entrypoint) {
                    self.entrypoint = Some(name.clone());
                }
                self.fields.insert(name.clone(), Vec::new());
                // A program may store nothing.
                (storage, open, field) = (false, body.is_empty().then_some(name), Field::default());
            } else if let Some(name) = open.clone() {
                if line == "}" {
                    open = None;
                } else if let Some(comment) = line.strip_prefix("///") {
                    document(&mut field.documentation, comment.trim());
                } else if let Some((field_name, kind)) = line.trim_start_matches("pub(crate) ").split_once(": ") {
                    field.name = field_name.to_owned();
                    field.kind = kind.trim_end_matches(',').to_owned();
                    self.fields.entry(name).or_default().push(std::mem::take(&mut field));
                }
            }
        }
        Ok(())
    }

    /// The struct that is the contract's state.
    pub(super) fn state(&self) -> Result<&str> {
        self.entrypoint.as_deref().ok_or_eyre("no struct is an entrypoint")
    }

    /// The places of a struct's fields, those of structs inside it included.
    pub(super) fn places(&self, name: &str) -> Result<Vec<Place>> {
        let mut places = Vec::new();
        self.place(name, "", 0, &mut places)?;
        Ok(places)
    }

    /// The structs that mappings, lists and arrays of `name` hold, one after the other.
    pub(super) fn held(&self, name: &str) -> Vec<&str> {
        let mut held = Vec::new();
        for field in self.fields.get(name).into_iter().flatten() {
            for (known, _) in self.fields.iter().filter(|(known, _)| *known != &field.kind) {
                let names = field.kind.split(|c: char| !c.is_alphanumeric());
                if names.into_iter().any(|part| part == known) && !held.contains(&known.as_str()) {
                    held.push(known.as_str());
                    held.extend(self.held(known));
                }
            }
        }
        held
    }

    /// Appends the places of a struct that begins at `slot`. Returns how many words it takes.
    fn place(&self, name: &str, prefix: &str, slot: usize, places: &mut Vec<Place>) -> Result<usize> {
        let fields = self.fields.get(name).ok_or_eyre(format!("no storage struct {name}"))?;
        let (mut word, mut used) = (slot, 0);
        for field in fields {
            let name = format!("{prefix}{}", field.name);
            let (words, bytes) = self.size(&field.kind)?;
            if used != 0 && (words != 0 || used + bytes > WORD) {
                (word, used) = (word + 1, 0);
            }
            if self.fields.contains_key(&field.kind) {
                word += self.place(&field.kind, &format!("{name}."), word, places)?;
                continue;
            }
            places.push(Place {
                slot: word,
                bytes: used..used + bytes.min(WORD),
                name,
                kind: in_words(&field.kind)?,
                documentation: field.documentation.join(" "),
            });
            if words == 0 {
                used += bytes;
            } else {
                word += words;
            }
        }
        Ok(word + usize::from(used != 0) - slot)
    }

    /// The words that a type takes of its own, or the bytes if it shares one.
    fn size(&self, kind: &str) -> Result<(usize, usize)> {
        if self.fields.contains_key(kind) {
            return Ok((self.place(kind, "", 0, &mut Vec::new())?, WORD));
        }
        if let Some(arguments) = arguments(kind, "StorageArray") {
            let [element, count] = arguments[..] else { bail!("not an array: {kind}") };
            let count = self.numbers.get(count).copied().ok_or_eyre(format!("no number {count}"))?;
            let (words, bytes) = self.size(element)?;
            return Ok((if words == 0 { count.div_ceil(WORD / bytes) } else { words * count }, WORD));
        }
        Ok((0, if kind.contains('<') && arguments(kind, "StorageUint").is_none() { WORD } else { bits(kind)? / 8 }))
    }
}

fn bits(kind: &str) -> Result<usize> {
    if let Some(arguments) = arguments(kind, "StorageUint") {
        return Ok(arguments.first().ok_or_eyre(format!("no width: {kind}"))?.parse()?);
    }
    Ok(match kind {
        "StorageAddress" => 160,
        "StorageBool" => 8,
        "StorageB256" => 256,
        _ => kind.strip_prefix("StorageU").ok_or_eyre(format!("unknown type {kind}"))?.parse()?,
    })
}

/// The arguments of the generic type `name`, if `kind` is one.
fn arguments<'a>(kind: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let inner = kind.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>')?;
    let (mut depth, mut start, mut arguments) = (0usize, 0, Vec::new());
    for (index, character) in inner.char_indices() {
        match character {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                arguments.push(inner[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    arguments.push(inner[start..].trim());
    Some(arguments)
}

fn in_words(kind: &str) -> Result<String> {
    if let Some(parts) = arguments(kind, "StorageMap") {
        ensure!(parts.len() == 2, "not a mapping: {kind}");
        let value = in_words(parts[1])?;
        return Ok(format!("{} => {value}", parts[0].trim_start_matches("Storage").to_lowercase()));
    }
    if let Some(parts) = arguments(kind, "StorageVec").or_else(|| arguments(kind, "StorageArray")) {
        let count = parts.get(1).map_or(String::new(), |count| count.to_string());
        return Ok(format!("{}[{count}]", in_words(parts[0])?));
    }
    if !kind.starts_with("Storage") {
        return Ok(format!("`{kind}`"));
    }
    Ok(match bits(kind)? {
        160 if kind == "StorageAddress" => "address".to_owned(),
        8 if kind == "StorageBool" => "bool".to_owned(),
        256 if kind == "StorageB256" => "bytes32".to_owned(),
        bits => format!("uint{bits}"),
    })
}

#[cfg(test)]
mod tests {
    use super::Structs;

    const SOURCE: &str = "
#[storage]
pub struct Pair {
    pub(crate) left: StorageU128,
    pub(crate) right: StorageUint<96, 2>,
    pub(crate) third: StorageU64,
}
const COUNT: usize = 4;
#[entrypoint]
#[storage]
pub struct State {
    /// Who.
    pub(crate) who: StorageAddress,
    pub(crate) flag: StorageBool,
    pub(crate) pair: Pair,
    pub(crate) small: StorageU8,
    pub(crate) releases: StorageArray<StorageU64, COUNT>,
    pub(crate) pairs: StorageMap<Address, StorageMap<U64, Pair>>,
    pub(crate) last: StorageVec<StorageAddress>,
}
";

    #[test]
    fn fields_share_words_while_they_fit() {
        let mut structs = Structs::default();
        structs.read(SOURCE).unwrap();
        let places = structs.places(structs.state().unwrap()).unwrap();
        let read: Vec<_> = places.iter().map(|p| (p.slot, p.bytes.clone(), p.name.as_str(), p.kind.as_str())).collect();
        let expected = [
            (0, 0..20, "who", "address"),
            (0, 20..21, "flag", "bool"),
            (1, 0..16, "pair.left", "uint128"),
            (1, 16..28, "pair.right", "uint96"),
            (2, 0..8, "pair.third", "uint64"),
            (3, 0..1, "small", "uint8"),
            (4, 0..32, "releases", "uint64[COUNT]"),
            (5, 0..32, "pairs", "address => u64 => `Pair`"),
            (6, 0..32, "last", "address[]"),
        ];
        assert_eq!(read, expected);
        assert_eq!(places[0].documentation, "Who.");
        assert_eq!(structs.held("State"), ["Pair"]);
    }

    #[test]
    fn a_program_that_stores_nothing_has_no_places() {
        let mut structs = Structs::default();
        structs.read("#[entrypoint]\n#[storage]\npub struct State {}\nfn no_field(of: u8) {\n}\n").unwrap();
        assert_eq!(structs.places(structs.state().unwrap()).unwrap(), []);
    }
}
