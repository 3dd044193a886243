//! The events of some blocks, from question to transaction.

use super::contracts::ServiceFound;
use super::{FollowError, Follower, block_of, header};
use crate::catalog::{Decoded, SERVICE};
use crate::events::{self, Stored};
use crate::projection::{Happened, project};
use crate::schema::{self, Block};
use crate::storage::text;
use crate::tables::{CONTRACTS, SERVICES};
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::client::BatchRequest;
use alloy::rpc::types::{Block as RpcBlock, Filter, Log};
use eyre::{OptionExt, Result, WrapErr};
use std::collections::{BTreeMap, BTreeSet};

/// How many blocks are asked for in one request.
const BATCH: usize = 100;

/// How many contracts are named in one question for events.
const MOST_CONTRACTS: usize = 500;

/// Blocks without events are kept so far back (blocks): a reorganization that goes further takes more with it.
const KEPT_BLOCKS: u64 = 256;

/// Some blocks, with what happened in them.
pub(super) struct Piece {
    /// The last block.
    pub(super) end: Block,
    /// Those with events, and the last one.
    blocks: BTreeMap<u64, (Block, u64)>,
    /// In their order.
    events: Vec<(Stored, Decoded, String)>,
    /// Contracts that were not known, since when.
    found: Vec<(u64, ServiceFound)>,
}

impl Follower {
    /// Asks for the events from `first` to `last`, or of fewer blocks. Nothing, if blocks were replaced meanwhile.
    pub(super) async fn piece(&self, first: u64, last: u64, head: Block) -> Result<Option<Piece>, FollowError> {
        let mut contracts = self.contracts().await?;
        let addresses: Vec<Address> = contracts.keys().copied().collect();
        let (mut logs, end) = self.logs(&addresses, first, last).await?;
        let found = self.find_services(&mut logs, &mut contracts, end).await?;
        logs.sort_by_key(|log| (log.block_number, log.log_index));
        let numbers: BTreeSet<u64> = logs.iter().filter_map(|log| log.block_number).chain([end]).collect();
        let headers = self.headers(&numbers.into_iter().collect::<Vec<_>>()).await?;
        // What the chain ended with before it still has after: so everything in between was of one chain.
        if header(&self.chain, head.number.into()).await?.is_none_or(|after| after.hash != head.hash) {
            return Ok(None);
        }
        let mut blocks: BTreeMap<u64, (Block, u64)> =
            headers.into_iter().map(|block| (block.number, (block, 0))).collect();
        let mut events = Vec::with_capacity(logs.len());
        for log in logs {
            let (Some(number), Some(hash)) = (log.block_number, log.block_hash) else {
                return Err(eyre::eyre!("the node gave an event without its block").into());
            };
            let Some((block, count)) = blocks.get_mut(&number).filter(|(block, _)| block.hash == hash) else {
                return Ok(None);
            };
            let Some(program) = contracts.get(&log.address()) else { continue };
            let Some(decoded) = self.catalog.decode(program, &log.inner) else { continue };
            *count = count.saturating_add(1);
            events.push((Stored::of(&log, block, &decoded)?, decoded, program.clone()));
        }
        let (end, _) = blocks.get(&end).copied().ok_or_eyre("the node does not have the last block of a piece")?;
        Ok(Some(Piece { end, blocks, events, found }))
    }

    /// Writes a piece after the block that was the last one, if it still is: another process may write the same index.
    pub(super) async fn write(&self, indexed: Block, piece: Piece) -> Result<bool, FollowError> {
        let since = self.since;
        let written = self.index.write(move |storage| -> Result<bool, FollowError> {
            if schema::head(storage)? != Some(indexed) {
                return Ok(false);
            }
            for (block, service) in &piece.found {
                for contract in service.contracts() {
                    if CONTRACTS.get(storage, &[contract.into()])?.is_none() {
                        CONTRACTS.put(storage, *block, &[contract.into()], &[SERVICE.into()])?;
                    }
                }
                SERVICES.put(storage, *block, &[service.service.into()], &service.values())?;
            }
            for (event, decoded, program) in &piece.events {
                // What was there before the contract was known again is known.
                if !events::insert(storage, event, decoded)? {
                    continue;
                }
                let (block, timestamp, contract) = (event.block, event.timestamp, event.contract);
                project(storage, &Happened { block, timestamp, contract, program, event: decoded })?;
            }
            for (block, count) in piece.blocks.values() {
                schema::put_block(storage, block, *count)?;
            }
            schema::thin_out(storage, since, piece.end.number.saturating_sub(KEPT_BLOCKS))?;
            Ok(true)
        });
        written.await
    }

    /// The events of contracts from `first` to `last`, or of fewer blocks, and the last block.
    async fn logs(&self, contracts: &[Address], first: u64, last: u64) -> Result<(Vec<Log>, u64)> {
        let (mut found, mut end) = (Vec::new(), last);
        for some in contracts.chunks(MOST_CONTRACTS) {
            let filter = Filter::new().address(some.to_vec()).event_signature(self.catalog.topics());
            let (logs, to) = self.chain.first_logs(&filter, first, end).await.wrap_err("cannot ask for events")?;
            found.extend(logs);
            end = end.min(to);
        }
        found.retain(|log| log.block_number.is_some_and(|number| number <= end));
        Ok((found, end))
    }

    /// The services that these events name and nobody knew, with their contracts' events, which are added.
    async fn find_services(
        &self,
        logs: &mut Vec<Log>,
        contracts: &mut BTreeMap<Address, String>,
        end: u64,
    ) -> Result<Vec<(u64, ServiceFound)>> {
        let rows = self.index.read(|storage| SERVICES.current(storage, &[])).await?;
        let mut known = rows.iter().map(|row| text(row, 0)).collect::<Result<BTreeSet<Address>, _>>()?;
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        loop {
            let mut named: BTreeMap<Address, u64> = BTreeMap::new();
            for log in logs.iter() {
                let Some(program) = contracts.get(&log.address()) else { continue };
                let Some(decoded) = self.catalog.decode(program, &log.inner) else { continue };
                let Some(service) = service_named(program, &decoded, log.address(), &known) else { continue };
                if !seen.contains(&service) {
                    named.entry(service).or_insert(log.block_number.unwrap_or(end));
                }
            }
            if named.is_empty() {
                return Ok(found);
            }
            let mut unknown = BTreeSet::new();
            for (service, block) in named {
                seen.insert(service);
                known.insert(service);
                let said = self.ask_service(service).await?;
                unknown.extend(said.contracts().filter(|contract| !contracts.contains_key(contract)));
                found.push((block, said));
            }
            contracts.extend(unknown.iter().map(|contract| (*contract, SERVICE.to_owned())));
            for some in unknown.into_iter().collect::<Vec<_>>().chunks(MOST_CONTRACTS) {
                let filter = Filter::new().address(some.to_vec()).event_signature(self.catalog.topics());
                let earlier = self.chain.logs(&filter, self.since.saturating_add(1), end).await;
                logs.extend(earlier.wrap_err("cannot ask for events of a service")?);
            }
        }
    }

    /// Blocks by their numbers.
    async fn headers(&self, numbers: &[u64]) -> Result<Vec<Block>> {
        let mut headers = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(BATCH) {
            let mut batch = BatchRequest::new(self.chain.provider().client());
            let mut waiting = Vec::with_capacity(some.len());
            for number in some {
                let number = alloy::eips::BlockNumberOrTag::Number(*number);
                waiting.push(batch.add_call::<_, Option<RpcBlock>>("eth_getBlockByNumber", &(number, false))?);
            }
            batch.send().await.wrap_err("cannot ask for blocks")?;
            for answer in waiting {
                let block = answer.await.wrap_err("cannot ask for a block")?;
                headers.push(block_of(&block.ok_or_eyre("the node does not have a block of its events")?.header));
            }
        }
        Ok(headers)
    }
}

/// The service that has to be asked because of an event, or asked again: one that is allowed to slash for the first
/// time, or one that names a judge. Others may say that they are services.
fn service_named(program: &str, event: &Decoded, emitter: Address, known: &BTreeSet<Address>) -> Option<Address> {
    match (program, event.name.as_str()) {
        ("slasher", "OptedIntoSlashing" | "GrantAnnounced") => {
            let service = event.fields.get("serviceManager")?.as_str()?.parse().ok()?;
            (!known.contains(&service)).then_some(service)
        }
        (SERVICE, "JudgeNamed") => known.contains(&emitter).then_some(emitter),
        _ => None,
    }
}
