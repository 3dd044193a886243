//! What happens where arithmetic overflows or memory ends: the program stops, which reverts without a reason.
//!
//! The standard library would first put together a message that nobody can read, with a twentieth of a program.

use core::panic::PanicInfo;

#[panic_handler]
fn stop(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
