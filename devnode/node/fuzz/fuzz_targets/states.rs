//! State files: the input is the records, without the first line and the checksums, which would hide all else. A chain
//! that is read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stylus_devnode::ChainState;
use stylus_devnode::alloy::hex;
use stylus_devnode::alloy::primitives::keccak256;

const LABEL: &str = "{\"format\":\"stylus-devnode-state\",\"version\":2}\n";

fuzz_target!(|records: &[u8]| {
    let mut bytes = LABEL.as_bytes().to_vec();
    for record in records.split(|byte| *byte == b'\n') {
        bytes.extend(hex::encode(&keccak256(record)[..8]).into_bytes());
        bytes.push(b' ');
        bytes.extend(record);
        bytes.push(b'\n');
    }
    if let Ok(state) = ChainState::decode(&bytes) {
        let again = ChainState::decode(&state.encode().expect("bytes")).expect("what was written is read");
        assert_eq!(format!("{again:?}"), format!("{state:?}"));
    }
});
