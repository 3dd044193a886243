//! A subgraph of a suite for The Graph: manifest, schema, and mappings, an entity for each event. Written from the same
//! text as the ABI; who wants other entities begins with these.

use super::abis;
use crate::build::PROGRAMS;
use crate::deployment::Deployment;
use alloy::json_abi::{Event, EventParam, JsonAbi, Param};
use alloy::primitives::Address;
use eyre::{Result, WrapErr};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The files of a subgraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subgraph {
    /// `subgraph.yaml`.
    pub manifest: String,
    /// `schema.graphql`.
    pub schema: String,
    /// `src/mapping.ts`.
    pub mapping: String,
}

/// A contract of the suite that says something.
struct Source {
    name: String,
    address: Address,
    events: Vec<Event>,
}

/// The network of a chain, by the name that The Graph gives it.
fn network(chain_id: u64) -> &'static str {
    match chain_id {
        42_161 => "arbitrum-one",
        421_614 => "arbitrum-sepolia",
        // What a node of The Graph calls a chain of one's own is its owner's choice.
        _ => "localhost",
    }
}

impl Subgraph {
    /// Of the suite of a deployment, by the interfaces of the repository at `root`.
    ///
    /// # Errors
    /// If a source is missing or does not look as expected.
    pub fn of(root: &Path, deployment: &Deployment) -> Result<Self> {
        let (abis, addresses) = (abis(root)?, deployment.addresses());
        let mut sources = Vec::new();
        for program in PROGRAMS {
            let name = pascal(program);
            let (Some(abi), Some(address)) = (abis.get(&name), addresses.get(program)) else { continue };
            let abi: JsonAbi = serde_json::from_value(abi.clone()).wrap_err_with(|| name.clone())?;
            let events: Vec<Event> = abi.events().cloned().collect();
            if !events.is_empty() {
                sources.push(Source { name, address: *address, events });
            }
        }
        let first = deployment.since().saturating_add(1);
        Ok(Self {
            manifest: manifest(&sources, network(deployment.chain_id()), first)?,
            schema: schema(&sources)?,
            mapping: mapping(&sources)?,
        })
    }

    /// Writes it to `folder`, where the ABI is in `abis`.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let files =
            [("subgraph.yaml", &self.manifest), ("schema.graphql", &self.schema), ("src/mapping.ts", &self.mapping)];
        for (name, text) in files {
            let path = folder.join(name);
            let within = path.parent().unwrap_or(folder);
            fs::create_dir_all(within).wrap_err_with(|| format!("cannot make {}", within.display()))?;
            fs::write(&path, text).wrap_err_with(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

/// `token-pool` is `TokenPool`.
fn pascal(program: &str) -> String {
    let words = program.split('-').filter_map(|word| Some((word.get(..1)?, word.get(1..)?)));
    words.map(|(first, rest)| format!("{}{rest}", first.to_ascii_uppercase())).collect()
}

fn manifest(sources: &[Source], network: &str, first: u64) -> Result<String> {
    let mut text = "specVersion: 1.2.0\nschema:\n  file: ./schema.graphql\ndataSources:\n".to_owned();
    for Source { name, address, events } in sources {
        write!(text, "  - kind: ethereum\n    name: {name}\n    network: {network}\n    source:\n")?;
        write!(text, "      address: \"{address}\"\n      abi: {name}\n      startBlock: {first}\n    mapping:\n")?;
        write!(text, "      kind: ethereum/events\n      apiVersion: 0.0.9\n      language: wasm/assemblyscript\n")?;
        write!(text, "      file: ./src/mapping.ts\n      entities:\n")?;
        for event in events {
            writeln!(text, "        - {name}{}", event.name)?;
        }
        writeln!(
            text,
            "      abis:\n        - name: {name}\n          file: ./abis/{name}.json\n      eventHandlers:"
        )?;
        for event in events {
            let kinds: Vec<String> = event.inputs.iter().map(signature_of).collect();
            let (kinds, handled) = (kinds.join(","), &event.name);
            writeln!(text, "        - event: {handled}({kinds})\n          handler: handle{name}{handled}")?;
        }
    }
    Ok(text)
}

fn signature_of(input: &EventParam) -> String {
    let kind = input.selector_type();
    if input.indexed { format!("indexed {kind}") } else { kind.into_owned() }
}

/// The fields of an entity: what each is called, of which type, and where the event has it.
fn fields(event: &Event) -> Vec<(String, String, String)> {
    let mut fields = Vec::new();
    for input in &event.inputs {
        let place = format!("event.params.{}", input.name);
        if input.components.is_empty() {
            // The number of an entity has the same name.
            let name = if input.name == "id" { "internal_id".to_owned() } else { input.name.clone() };
            fields.push((name, graph_type(&input.ty), place.clone()));
        }
        let inner = input.components.iter().map(|Param { name, ty, .. }| {
            (format!("{}_{name}", input.name), graph_type(ty), format!("{place}.{name}"))
        });
        fields.extend(inner);
    }
    fields
}

/// The type of a field by the type in the ABI: what has more than 32 bits is a BigInt there.
fn graph_type(kind: &str) -> String {
    if let Some((base, _)) = kind.split_once('[') {
        return format!("[{}]!", graph_type(base));
    }
    let of = match kind {
        "bool" => "Boolean",
        "string" => "String",
        "uint8" | "uint16" => "Int",
        _ if kind.starts_with("uint") => "BigInt",
        _ => "Bytes",
    };
    format!("{of}!")
}

fn schema(sources: &[Source]) -> Result<String> {
    let mut text = String::new();
    for (source, event) in sources.iter().flat_map(|source| source.events.iter().map(move |event| (source, event))) {
        writeln!(text, "type {}{} @entity(immutable: true) {{\n  id: Bytes!", source.name, event.name)?;
        for (name, kind, _) in fields(event) {
            writeln!(text, "  {name}: {kind}")?;
        }
        writeln!(text, "  blockNumber: BigInt!\n  blockTimestamp: BigInt!\n  transactionHash: Bytes!\n}}\n")?;
    }
    Ok(text)
}

fn mapping(sources: &[Source]) -> Result<String> {
    let mut text = String::new();
    for Source { name, events, .. } in sources {
        let of: Vec<String> =
            events.iter().map(|event| format!("{} as {name}{}Event", event.name, event.name)).collect();
        writeln!(text, "import {{\n  {},\n}} from \"../generated/{name}/{name}\";", of.join(",\n  "))?;
    }
    let all = sources.iter().flat_map(|source| source.events.iter().map(move |event| (source, event)));
    let entities: Vec<String> = all.clone().map(|(source, event)| format!("{}{}", source.name, event.name)).collect();
    writeln!(text, "import {{\n  {},\n}} from \"../generated/schema\";", entities.join(",\n  "))?;
    for ((_, event), entity) in all.zip(&entities) {
        writeln!(text, "\nexport function handle{entity}(event: {entity}Event): void {{")?;
        writeln!(text, "  const entity = new {entity}(event.transaction.hash.concatI32(event.logIndex.toI32()));")?;
        for (name, _, place) in fields(event) {
            writeln!(text, "  entity.{name} = {place};")?;
        }
        writeln!(text, "  entity.blockNumber = event.block.number;\n  entity.blockTimestamp = event.block.timestamp;")?;
        writeln!(text, "  entity.transactionHash = event.transaction.hash;\n  entity.save();\n}}")?;
    }
    Ok(text)
}
