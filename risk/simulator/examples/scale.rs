//! How long a million stakers take: `cargo run --example scale -p restake-simulator [stakers operators services]`.

use restake_simulator::cascade::Cascade;
use restake_simulator::random::{Size, network};
use restake_simulator::shock::Shock;
use restake_simulator::{Allocations, Bounds};
use std::time::Instant;

fn main() -> Result<(), std::num::ParseIntError> {
    let given: Vec<usize> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let [stakers, operators, services] = given[..].try_into().unwrap_or([1_000_000, 10_000, 1_000]);
    let began = Instant::now();
    let network =
        timed("a random network", || network(Size { stakers, operators, services }, 900_000_000_000_000_000, 1));
    let allocations = timed("what services can take", || Allocations::of(&network));
    let bounds = timed("bounds", || Bounds::of(&allocations));
    println!("  the utilisation is {} wads", bounds.utilisation);
    let largest = (0..operators / 100).collect();
    let shocks =
        [Shock::Operators(largest), Shock::Price { token: 0, fall: 300_000_000_000_000_000 }, Shock::Service(0)];
    for (shock, name) in
        shocks.iter().zip(["a hundredth of the operators fails", "a token falls", "a service is taken"])
    {
        let cascade = timed(name, || Cascade::after(shock, &network));
        println!("  {} rounds, {} of {} is lost", cascade.rounds.len(), cascade.lost(), cascade.before);
    }
    println!("{stakers} stakers, {operators} operators, {services} services: {:.2?}", began.elapsed());
    Ok(())
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    println!("{what}: {:.2?}", began.elapsed());
    done
}
