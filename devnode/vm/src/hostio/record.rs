//! What a trace keeps of each host I/O: the bytes that Nitro's `stylusTracer` keeps, in the same order.

use super::row::{Kept, Part, Row};
use super::{Program, Returned, console};
use crate::engine::Value;
use crate::host_io::HostIo;
use revm::primitives::Bytes;

/// A host I/O that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    name: &'static str,
    outs: &'static [Part],
    values: Vec<Value>,
    args: Vec<u8>,
    start_ink: u64,
}

/// Begins to record the host I/O of `row`, if the program is traced.
pub(super) fn begin(program: &Program<'_>, row: &Row, values: &[Value]) -> Option<Recording> {
    program.host().recorded.as_ref().filter(|recorded| !recorded.room.is_exceeded)?;
    let Kept { name, ins, outs } = row.kept?;
    let mut bytes = Vec::new();
    ins.iter().for_each(|part| part.append(&mut bytes, program, values, None));
    Some(Recording { name, outs, values: values.to_vec(), args: bytes, start_ink: program.ink() })
}

impl Recording {
    /// The record of a host I/O that returned `result`. `None` if it failed: Nitro leaves that out.
    pub(crate) fn end(self, program: &Program<'_>, returned: &Returned) -> Option<HostIo> {
        let result = match returned {
            Ok(result) => *result,
            Err(super::Escape::Exit(_)) => None,
            Err(_) => return None,
        };
        let mut outs = Vec::new();
        self.outs.iter().for_each(|part| part.append(&mut outs, program, &self.values, result));
        Some(HostIo {
            name: self.name.into(),
            args: self.args.into(),
            outs: outs.into(),
            start_ink: self.start_ink,
            end_ink: program.ink(),
            address: None,
            steps: None,
        })
    }
}

impl Part {
    /// Appends this part. What cannot be read is left out: the host I/O itself fails on it.
    fn append(self, bytes: &mut Vec<u8>, program: &Program<'_>, values: &[Value], result: Option<Value>) {
        let arguments = super::Arguments(values);
        let at = |pointer: u32, length: u32| program.read(pointer, length).unwrap_or_default();
        let read: Bytes = match self {
            Self::Word(index) => at(arguments.u32(index), 32),
            Self::Account(index) => at(arguments.u32(index), 20),
            Self::Data(pointer, length) => at(arguments.u32(pointer), arguments.u32(length)),
            Self::Number64(index) => Bytes::copy_from_slice(&arguments.u64(index).to_be_bytes()),
            Self::Number32(index) => Bytes::copy_from_slice(&arguments.u32(index).to_be_bytes()),
            Self::Number16(index) => Bytes::copy_from_slice(&arguments.u32(index).to_be_bytes()[2..]),
            Self::Flag(index) => Bytes::copy_from_slice(&[u8::from(arguments.u32(index) != 0)]),
            Self::Text(index) => {
                values.get(index).map(|value| console::text(*value).into_bytes()).unwrap_or_default().into()
            }
            Self::Length(pointer) => at(arguments.u32(pointer), 4).iter().rev().copied().collect(),
            Self::Result => match result {
                Some(Value::I64(value) | Value::F64(value)) => Bytes::copy_from_slice(&value.to_be_bytes()),
                Some(Value::I32(value) | Value::F32(value)) => Bytes::copy_from_slice(&value.to_be_bytes()),
                None => Bytes::new(),
            },
            Self::Status => Bytes::copy_from_slice(&result_u32(result).to_be_bytes()[3..]),
            Self::Written(pointer) => at(arguments.u32(pointer), result_u32(result)),
            Self::CallData => program.host().args.clone(),
        };
        bytes.extend_from_slice(&read);
    }
}

fn result_u32(result: Option<Value>) -> u32 {
    super::Arguments(result.as_slice()).u32(0)
}
