//! The instructions of a trace: those of EVM code, and those that stand for what programs and ArbOS did.

use super::Recorder;
use crate::evm::likeness::Likeness;
use crate::hostio::StorageCache;
use crate::trace::EvmStep;
use revm::bytecode::opcode;
use revm::primitives::{Address, U256};

/// Where an instruction is shown that stands for something else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// How many contracts run.
    depth: usize,
    /// The number of the frame.
    frame: usize,
    /// In whose storage its slots would be.
    pub(crate) contract: Address,
}

impl Recorder {
    /// The place of what the innermost program does. Nitro takes it for the storage of its caller.
    pub(crate) fn place_of_program(&self) -> Place {
        self.frames.last().map_or_else(Place::none, |frame| Place {
            depth: self.frames.len(),
            frame: frame.number,
            contract: frame.caller,
        })
    }

    /// The place of what the innermost precompile does. A precompile is no contract that runs.
    pub(crate) fn place_of_precompile(&self) -> Place {
        let place = self.place_of_program();
        Place { depth: place.depth.saturating_sub(1), ..place }
    }

    /// What the innermost program has read and not flushed, as far as its host I/Os tell.
    pub(crate) fn cache(&mut self) -> Option<&mut StorageCache> {
        self.frames.last_mut().map(|frame| &mut frame.cache)
    }

    /// Whether the transaction asks for the number of the L1 block for the first time: it is looked up once.
    pub(crate) fn is_first_l1_number(&mut self) -> bool {
        !std::mem::replace(&mut self.knows_l1_number, true)
    }

    /// Whether the transaction asks for the hash of this L1 block for the first time.
    pub(crate) fn is_first_l1_hash(&mut self, number: u64) -> bool {
        self.known_l1_hashes.insert(number)
    }

    /// The frame at `depth` (the outermost: 0) waits or goes on, and would get back `refund`.
    pub(crate) fn note_refund(&mut self, depth: usize, refund: i64) {
        if self.tracing.steps {
            self.refunds.resize(depth, 0);
            self.refunds.push(refund);
        }
    }

    /// What the frames around the one at `depth` would get back.
    pub(crate) fn refund_around(&self, depth: usize) -> i64 {
        self.refunds.iter().take(depth).sum()
    }

    /// The number of the innermost open frame.
    pub(crate) fn frame_number(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.number)
    }

    /// An instruction of EVM code ran.
    pub(crate) fn step(&mut self, step: EvmStep) {
        if !self.tracing.steps {
            return;
        }
        let memory = step.memory.as_ref().map_or(0, |memory| memory.len());
        if self.room.take(size_of::<EvmStep>() + 32 * step.stack.len() + memory) {
            self.trace.steps.push(step);
        }
    }

    /// Something happened that is shown as an instruction. A read or write of a slot comes with the slot and its value.
    pub(crate) fn liken(&mut self, likeness: Likeness, place: Place, storage: Option<(U256, U256)>) {
        let Place { depth, frame, contract } = place;
        let Likeness { opcode, gas, gas_cost, operands: mut stack, memory } = likeness;
        stack.reverse();
        let memory = self.tracing.memory.then_some(memory);
        let refund = u64::try_from(self.refund_around(depth)).unwrap_or_default();
        let (pc, returned, error) = (0, None, None);
        self.step(EvmStep {
            pc,
            opcode,
            gas,
            gas_cost,
            depth,
            frame,
            contract,
            refund,
            stack,
            memory,
            returned,
            storage,
            error,
        });
    }

    /// A precompile's payment is shown as the call of an account without code, in a frame with the number `paid`.
    pub(super) fn liken_payment(&mut self, to: Address, value: U256, paid: usize) {
        if !self.tracing.steps {
            return;
        }
        let place = self.place_of_precompile();
        let inside = Place { depth: place.depth.saturating_add(1), frame: paid, ..place };
        let zero = U256::ZERO;
        let operands = vec![zero, U256::from_be_slice(to.as_slice()), value, zero, zero, zero, zero];
        self.liken(Likeness::new(opcode::CALL, operands), place, None);
        self.liken(Likeness::new(opcode::RETURN, vec![zero, zero]), inside, None);
        self.liken(Likeness::new(opcode::POP, vec![U256::ONE]), place, None);
    }
}

impl Place {
    fn none() -> Self {
        Self { depth: 0, frame: 0, contract: Address::ZERO }
    }

    /// The same for what `signer`'s transaction does by itself.
    pub(crate) fn of_signer(self, signer: Address) -> Self {
        Self { contract: signer, ..self }
    }
}
