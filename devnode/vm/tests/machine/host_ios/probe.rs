//! A program that calls one host I/O and reports what it saw.

use super::GAS;
use crate::chain::*;
use revm::primitives::{Address, B256, Bytes, U256, address};
use revm::state::{AccountInfo, Bytecode};
use stylus_program::hostio::{SIGNATURES, Signature, ValType};
use stylus_vm::{Execution, HostIo, Transaction, revm};

/// A contract with 77 wei that returns the number 42. It costs 18 gas, and its code is 40 bytes long.
pub(super) const CONTRACT: Address = address!("0x00000000000000000000000000000000c0ffee01");

/// An account that does not exist.
pub(super) const NOBODY: Address = address!("0x00000000000000000000000000000000dead0001");

/// Init code that returns one zero byte: PUSH1 1, PUSH1 0, RETURN.
/// The pushes cost 6, memory 3 and the byte 200.
pub(super) const INIT: [u8; 5] = [0x60, 1, 0x60, 0, 0xf3];

/// Wei that the program is called with.
pub(super) const VALUE: u64 = 9;

// What the program's memory holds, by address. What is not listed is zero.
/// The word 1, which is also a slot that holds 5.
pub(super) const ONE: usize = 0;
/// The word 7.
pub(super) const SEVEN: usize = 32;
/// [`CONTRACT`].
pub(super) const AT_CONTRACT: usize = 64;
/// [`NOBODY`].
pub(super) const AT_NOBODY: usize = 96;
/// The word 0.
pub(super) const ZERO: usize = 128;
/// [`INIT`].
pub(super) const AT_INIT: usize = 160;
/// The largest word.
pub(super) const MAX: usize = 192;
/// 1,000, a word of two bytes.
pub(super) const THOUSAND: usize = 224;
/// The account of the precompile that returns its input.
pub(super) const AT_IDENTITY: usize = 256;
/// The bytes from 1 on.
pub(super) const TEXT: usize = 300;
/// Nothing yet: where host I/Os should write.
pub(super) const OUT: usize = 512;
/// Nothing yet: where host I/Os should write lengths.
pub(super) const LENGTH: usize = 800;
/// The result of the host I/O, and the ink before and after it.
const RESULT: usize = 1_000;
const BEFORE: usize = 1_008;
const AFTER: usize = 1_016;
/// The length of the report.
const END: usize = 1_024;

/// The program's memory at the start.
pub(super) fn data() -> Vec<u8> {
    let mut data = vec![0; 400];
    let mut put = |at: usize, bytes: &[u8]| data[at..at + bytes.len()].copy_from_slice(bytes);
    put(ONE, &word(1));
    put(SEVEN, &word(7));
    put(AT_CONTRACT, CONTRACT.as_slice());
    put(AT_NOBODY, NOBODY.as_slice());
    put(AT_INIT, &INIT);
    put(MAX, &[0xff; 32]);
    put(THOUSAND, &word(1_000));
    put(AT_IDENTITY, Address::with_last_byte(4).as_slice());
    put(TEXT, &(1..=100).collect::<Vec<u8>>());
    data
}

/// A part of [`data`].
pub(super) fn bytes(at: usize, length: usize) -> Vec<u8> {
    data()[at..at + length].to_vec()
}

/// A number in 32 bytes.
pub(super) fn word(number: u64) -> Vec<u8> {
    U256::from(number).to_be_bytes_vec()
}

/// What the program is called with: 40 bytes.
pub(super) fn call_data() -> Vec<u8> {
    (200..240).collect()
}

/// The address of the program: what the owner deploys first.
pub(super) fn program() -> Address {
    OWNER.create(0)
}

/// `count` constants, as arguments.
pub(super) fn constants<const N: usize>(values: [usize; N]) -> String {
    values.map(|value| format!("i32.const {value} ")).concat()
}

/// What a host I/O does.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// It returns a number.
    Result(u64),
    /// It returns the ink that is left.
    ResultIsInk,
    /// It returns the gas that is left.
    ResultIsGas,
    /// Afterwards these bytes are in the memory.
    Memory(usize, Vec<u8>),
    /// The program returns these bytes.
    Output(Vec<u8>),
    /// There is an event with these topics and data.
    Event(Vec<Vec<u8>>, Vec<u8>),
    /// A line is printed.
    Line(&'static str),
    /// A slot of the program has this value.
    Slot(u64, u64),
}

/// What the trace keeps.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) name: &'static str,
    pub(super) args: Vec<u8>,
    outs: Vec<u8>,
}

impl Record {
    /// What the host I/O gives back; two host I/Os give back what they leave.
    pub(super) fn outs(&self, record: &HostIo) -> Vec<u8> {
        match self.name {
            "evm_ink_left" => record.end_ink.to_be_bytes().to_vec(),
            "evm_gas_left" => (record.end_ink / GAS).to_be_bytes().to_vec(),
            _ => self.outs.clone(),
        }
    }
}

/// A call of a host I/O.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) host_io: &'static str,
    before: String,
    arguments: String,
    /// Ink that the call charges.
    pub(super) ink: u64,
    pub(super) effects: Vec<Effect>,
    /// Nothing, if Nitro does not trace the host I/O.
    pub(super) record: Option<Record>,
}

/// A call of `host_io` with constants, or locals for floats, as arguments, that charges `ink`.
pub(super) fn case(host_io: &'static str, arguments: impl Into<String>, ink: u64) -> Case {
    Case { host_io, before: String::new(), arguments: arguments.into(), ink, effects: Vec::new(), record: None }
}

impl Case {
    /// What the program does before.
    pub(super) fn after(mut self, before: impl Into<String>) -> Self {
        self.before = before.into();
        self
    }

    /// The same call some times before.
    pub(super) fn repeated(self, times: usize) -> Self {
        let drop = if self.definition().results.is_empty() { "" } else { "drop" };
        let call = format!("{} call ${} {drop} ", self.arguments, self.host_io);
        self.after(call.repeat(times))
    }

    pub(super) fn does(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// The trace has these bytes under the name of the host I/O.
    pub(super) fn traced(self, args: &[&[u8]], outs: &[&[u8]]) -> Self {
        let name = self.host_io;
        self.traced_as(name, args, outs)
    }

    /// The trace has these bytes under this name.
    pub(super) fn traced_as(mut self, name: &'static str, args: &[&[u8]], outs: &[&[u8]]) -> Self {
        self.record = Some(Record { name, args: args.concat(), outs: outs.concat() });
        self
    }

    fn definition(&self) -> &'static Signature {
        SIGNATURES
            .iter()
            .find(|host_io| host_io.name == self.host_io)
            .unwrap_or_else(|| panic!("{} is no host I/O", self.host_io))
    }

    /// Takes the result from the stack, and what that costs: there is a place for it on the stack if it can be stored.
    fn take(&self) -> (&'static str, u64) {
        match self.definition().results {
            [] => ("", 0),
            [ValType::I32] => ("i32.store", 825),
            [ValType::I64] => ("i64.store", 950),
            // Storing a float has no price.
            _ => ("drop", 9),
        }
    }

    /// Ink from the first look at the ink to the call: a block with the store of that, the place for the result, the
    /// arguments, and the call.
    fn ink_before(&self) -> u64 {
        let arguments = self.definition().params.iter().map(|ty| match ty {
            ValType::I32 | ValType::I64 => 1,
            ValType::F32 | ValType::F64 => 75,
        });
        2_450 + 950 + u64::from(self.take().0.ends_with("store")) + arguments.sum::<u64>() + 3_800
    }

    /// Ink from the call to the second look: a block that takes the result, puts the place for the look and calls the
    /// look, and the price of the look itself.
    fn ink_after(&self) -> u64 {
        2_450 + self.take().1 + 1 + 3_800 + 8_400
    }

    /// A program that looks at its ink before and after the call, and reports by an event.
    fn wat(&self) -> String {
        let place = if self.take().0.ends_with("store") { format!("i32.const {RESULT}") } else { String::new() };
        format!(
            r#"(module {imports}
                (memory (export "memory") 1 1)
                (data (i32.const 0) "{data}")
                (func (export "user_entrypoint") (param i32) (result i32) (local $f32 f32) (local $f64 f64)
                    {before}
                    i32.const {BEFORE} call $evm_ink_left i64.store
                    {place} {arguments} call ${host_io} {take}
                    i32.const {AFTER} call $evm_ink_left i64.store
                    i32.const 0 i32.const {END} i32.const 0 call $emit_log
                    i32.const 0))"#,
            imports = imports(),
            data = hex(&data()),
            before = self.before,
            arguments = self.arguments,
            host_io = self.host_io,
            take = self.take().0,
        )
    }
}

/// Imports of everything, under its own name.
pub(super) fn imports() -> String {
    let text = |types: &[ValType]| -> String {
        let name = |ty: &ValType| format!("{ty:?} ").to_lowercase();
        types.iter().map(name).collect()
    };
    let import = |host_io: &Signature| {
        let (module, name) = (host_io.module, host_io.name);
        let (params, results) = (text(host_io.params), text(host_io.results));
        format!(r#"(import "{module}" "{name}" (func ${name} (param {params}) (result {results})))"#)
    };
    SIGNATURES.iter().map(import).collect()
}

/// A chain with the program of a case.
pub(super) struct Probe<'a> {
    chain: Chain,
    program: Address,
    case: &'a Case,
}

impl<'a> Probe<'a> {
    pub(super) fn new(case: &'a Case) -> Self {
        Self::on(Chain::new(), case)
    }

    /// On another chain, where the program need not have the address that [`program`] says.
    pub(super) fn on(mut chain: Chain, case: &'a Case) -> Self {
        let code = [ANSWER.as_slice(), &[0; 30]].concat();
        let account = AccountInfo { balance: U256::from(77), nonce: 1, ..AccountInfo::default() };
        chain.db.insert_account_info(CONTRACT, account.with_code(Bytecode::new_legacy(Bytes::from(code))));
        let program = chain.program(&case.wat());
        chain.db.insert_account_storage(program, U256::from(1), U256::from(5)).unwrap();
        Self { chain, program, case }
    }

    fn transaction(&mut self) -> Transaction {
        Transaction { value: U256::from(VALUE), ..self.chain.transaction(self.program, call_data()) }
    }

    /// Runs the program.
    pub(super) fn run(&mut self) -> Run<'_> {
        let tx = self.transaction();
        let execution = self.chain.send(&tx);
        let case = self.case;
        let Some(report) = execution.logs.last() else { panic!("{:?}: {case:?}", execution.outcome) };
        let memory = report.data.data.clone();
        let number = |at: usize| u64::from_le_bytes(memory[at..at + 8].try_into().unwrap());
        let between = number(BEFORE) - number(AFTER);
        let ink = between - case.ink_before() - case.ink_after();
        let ink_inside = number(BEFORE) - case.ink_before() - ink;
        Run { result: number(RESULT), ink, ink_inside, memory, execution, chain: &mut self.chain }
    }

    /// The record of the host I/O: the last one before the second look at the ink, the report and the end. If the host
    /// I/O leaves no record, the first look is in that place, and the answer is none.
    pub(super) fn record(&mut self) -> Option<HostIo> {
        let tx = self.transaction();
        let (_, trace) = self.chain.trace(&tx);
        let names: Vec<_> = trace.host_ios.iter().map(|host_io| host_io.name.as_str()).collect();
        let [.., last, "evm_ink_left", "emit_log", "user_returned"] = names[..] else {
            panic!("{names:?}: {:?}", self.case)
        };
        let is_first_look = last == "evm_ink_left" && self.case.host_io != "evm_ink_left";
        trace.host_ios.into_iter().rev().nth(3).filter(|_| !is_first_look)
    }
}

/// What came of a call.
pub(super) struct Run<'a> {
    result: u64,
    /// Ink that the host I/O charged.
    pub(super) ink: u64,
    /// Ink that was left when it returned.
    ink_inside: u64,
    memory: Bytes,
    execution: Execution,
    chain: &'a mut Chain,
}

impl Run<'_> {
    pub(super) fn assert(&mut self, effect: &Effect, case: &Case) {
        match effect {
            Effect::Result(expected) => assert_eq!(self.result, *expected, "{case:?}"),
            Effect::ResultIsInk => assert_eq!(self.result, self.ink_inside, "{case:?}"),
            Effect::ResultIsGas => assert_eq!(self.result, self.ink_inside / GAS, "{case:?}"),
            Effect::Memory(at, expected) => {
                assert_eq!(self.memory[*at..*at + expected.len()], expected[..], "{case:?}")
            }
            Effect::Output(expected) => assert_eq!(output(&self.execution).as_ref(), expected, "{case:?}"),
            Effect::Event(topics, data) => {
                let log = &self.execution.logs[0];
                let topics: Vec<_> = topics.iter().map(|topic| B256::from_slice(topic)).collect();
                assert_eq!((log.address, log.topics(), log.data.data.as_ref()), (program(), &topics[..], &data[..]));
            }
            Effect::Line(expected) => assert_eq!(self.execution.console, [*expected], "{case:?}"),
            Effect::Slot(slot, expected) => {
                assert_eq!(self.chain.slot(program(), *slot), U256::from(*expected), "{case:?}");
            }
        }
    }
}
