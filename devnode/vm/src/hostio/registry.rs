//! What programs import, and how their requests are served.

use super::calls::{Answer, Pending, Started};
use super::row::{Deferred, How, Row};
use super::{Arguments, Escape, HostIoError, Invocation, Outgoing, Program, Recording, Returned};
use super::{account, calls, creates, logs, memory, record, storage, table, transient};
use crate::engine::{Handler, Host, Import, Stop, Value};
use crate::evm::Context;
use revm::Database;
use revm::interpreter::Gas;
use stylus_program::hostio::{SIGNATURES, Signature};

/// What a suspended program asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    base_ink: u64,
    row: &'static Row,
    action: Deferred,
}

/// The answer to a request.
pub(crate) enum Served {
    /// The program can go on with this result.
    Returned(Option<Value>),
    /// A frame has to run first; then the record of it can be ended.
    Frame(Box<Outgoing>, Option<Recording>),
}

impl Host for Invocation {
    type Request = Request;

    fn imports() -> Vec<Import<Self>> {
        SIGNATURES.iter().filter_map(|signature| Some(import(signature, table::row(signature)?))).collect()
    }
}

fn import(signature: &'static Signature, row: &'static Row) -> Import<Invocation> {
    let Signature { module, name, params, results, base_ink, .. } = *signature;
    let handler = match row.how {
        How::Immediate(function) => Handler::Immediate(Box::new(move |program, values| {
            let recording = record::begin(program, row, values);
            let returned = program.buy_ink(base_ink).and_then(|()| function(program, Arguments(values)));
            record(program, recording, &returned);
            // The frame driver looks for the reason in the invocation.
            returned.map_err(|escape| {
                program.host_mut().escape = Some(escape);
                Stop
            })
        })),
        How::Deferred(action) => Handler::Deferred(Request { base_ink, row, action }),
    };
    Import { module, name, params, results, handler }
}

/// Keeps the record of a host I/O that has ended.
fn record(program: &mut Program<'_>, recording: Option<Recording>, returned: &Returned) {
    let Some(host_io) = recording.and_then(|recording| recording.end(program, returned)) else { return };
    if let Some(recorded) = &mut program.host_mut().recorded {
        recorded.push(host_io);
    }
}

/// Serves what a suspended program asked for. Refunds for storage go to `frame_gas`.
pub(crate) fn serve<DB: Database>(
    request: Request,
    values: &[Value],
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    frame_gas: &mut Gas,
) -> Result<Served, HostIoError<DB::Error>> {
    let args = Arguments(values);
    let base_ink = request.base_ink;
    let recording = record::begin(program, request.row, values);
    if !matches!(request.action, Deferred::PayForMemoryGrow) {
        program.buy_ink(base_ink)?;
    }
    let returned = match request.action {
        Deferred::StorageLoad => storage::load(program, context, args),
        Deferred::StorageFlush => storage::flush(program, context, frame_gas, args),
        Deferred::TransientLoad => transient::load(program, context, args),
        Deferred::TransientStore => transient::store(program, context, args),
        Deferred::Call(kind) => {
            return calls::call(program, context, kind, args).map(|to| to.served(program, recording));
        }
        Deferred::Create { salted } => {
            return creates::create(program, salted, args).map(|to| to.served(program, recording));
        }
        Deferred::EmitLog => logs::emit_log(program, context, args),
        Deferred::Balance => account::balance(program, context, args),
        Deferred::Code => account::code(program, context, args),
        Deferred::CodeSize => account::code_size(program, context, args),
        Deferred::CodeHash => account::code_hash(program, context, args),
        Deferred::PayForMemoryGrow => memory::pay_for_memory_grow(program, &mut context.chain, base_ink, args),
    };
    let value = returned?;
    record(program, recording, &Ok(value));
    Ok(Served::Returned(value))
}

impl Started {
    /// What becomes of a call or a create: a frame, whose record ends with it, or its result.
    fn served(self, program: &mut Program<'_>, recording: Option<Recording>) -> Served {
        match self {
            Self::Frame(outgoing) => Served::Frame(outgoing, recording),
            Self::Finished(value) => {
                record(program, recording, &Ok(value));
                Served::Returned(value)
            }
        }
    }
}

impl Pending {
    /// Settles the frame that the program waited for, and keeps the record of it.
    pub(crate) fn finish(
        self,
        program: &mut Program<'_>,
        answer: Answer,
        recording: Option<Recording>,
    ) -> Result<Option<Value>, Escape> {
        let returned = self.settle(program, answer);
        record(program, recording, &returned);
        returned
    }

    fn settle(self, program: &mut Program<'_>, answer: Answer) -> Result<Option<Value>, Escape> {
        match self {
            Self::Call { base, child, length_pointer } => {
                calls::finish_call(program, base, child, length_pointer, answer)
            }
            Self::Create { start, reserve, address_pointer, length_pointer } => {
                creates::finish_create(program, start, reserve, address_pointer, length_pointer, answer)
            }
        }
    }
}
