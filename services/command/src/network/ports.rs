//! Ports: those behind that of the node, each looked at before anything is started.

use eyre::{Result, WrapErr};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// The ports of a network.
#[derive(Debug, Clone)]
pub(super) struct Ports(Vec<u16>);

impl Ports {
    /// That of the node.
    pub(super) fn node(&self) -> u16 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Where process number `index` listens.
    pub(super) fn process(&self, index: usize) -> SocketAddr {
        let port = self.0.get(index.saturating_add(1)).copied().unwrap_or_default();
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }
}

/// The node's port and so many behind it, or any that are free.
///
/// # Errors
/// If one is taken: it is named.
pub(super) fn take(first: u16, processes: usize) -> Result<Ports> {
    let mut held = Vec::new();
    for number in 0..=processes {
        let port = match first {
            0 => 0,
            first => first.checked_add(u16::try_from(number)?).ok_or_else(|| eyre::eyre!("there is no such port"))?,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        held.push(listener.wrap_err_with(|| format!("port {port} is taken: choose other ones with --port"))?);
    }
    // They are let go together, so that no two are the same.
    held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect::<Result<_>>().map(Ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named() -> Result<()> {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = taken.local_addr()?.port();
        let Err(failure) = take(port, 0) else { eyre::bail!("it was taken twice") };
        assert!(failure.to_string().contains(&format!("port {port} is taken")), "{failure}");
        Ok(())
    }

    #[test]
    fn ports_that_are_free_are_different_ones() -> Result<()> {
        let ports = take(0, 5)?;
        let mut all: Vec<u16> = (0..5).map(|index| ports.process(index).port()).chain([ports.node()]).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
        Ok(())
    }
}
