//! What the server is told: where it listens and what it bounds.

use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// Most bytes of a request's body.
pub(super) const MAX_BODY: usize = 64 << 10;

/// What the server is told; the form of its configuration file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Searches that run at once; 0 for one a processor.
    pub searches: usize,
    /// Requests that wait for their turn.
    pub waiting: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: (Ipv4Addr::LOCALHOST, 7373).into(),
            searches: 0,
            waiting: 256,
        }
    }
}
