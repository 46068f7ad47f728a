//! How many requests each address has left: token buckets.
//!
//! Invariant: memory is bounded; where every bucket is taken, those that are full again go first,
//! and then new addresses share one.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Most addresses that are kept.
const MAX_ADDRESSES: usize = 10_000;

/// Token buckets by address.
pub(super) struct Buckets {
    /// Tokens that come back in a second.
    rate: f64,
    /// Tokens of a full bucket.
    burst: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Buckets {
    pub(super) fn new(rate: f64, burst: f64) -> Self {
        Buckets {
            rate,
            burst: burst.max(1.0),
            buckets: Mutex::default(),
        }
    }

    /// Takes a token; where there is none, returns the seconds until there is one.
    pub(super) fn take(&self, address: IpAddr, now: Instant) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut network = network(address);
        if buckets.len() >= MAX_ADDRESSES && !buckets.contains_key(&network) {
            buckets.retain(|_, bucket| self.filled(bucket, now) < self.burst);
            if buckets.len() >= MAX_ADDRESSES {
                network = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
            }
        }
        let full = Bucket {
            tokens: self.burst,
            at: now,
        };
        let bucket = buckets.entry(network).or_insert(full);
        let tokens = self.filled(bucket, now);
        *bucket = Bucket { tokens, at: now };
        if tokens < 1.0 {
            return Err(((1.0 - tokens) / self.rate).ceil().clamp(1.0, 3600.0) as u32);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.tokens + since * self.rate).min(self.burst)
    }
}

/// Returns what counts as one address: in IPv6 a subscriber has a whole network of 64 bits.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(2.0, 3.0);
        let now = Instant::now();
        let [one, other] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(IpAddr::from);
        for _ in 0..3 {
            assert_eq!(buckets.take(one, now), Ok(()));
        }
        assert_eq!(buckets.take(one, now), Err(1));
        assert_eq!(buckets.take(other, now), Ok(()));
        let later = now + Duration::from_secs(1);
        assert_eq!(buckets.take(one, later), Ok(()));
        assert_eq!(buckets.take(one, later), Ok(()));
        assert_eq!(buckets.take(one, later), Err(1));
    }

    #[test]
    fn addresses_are_bounded() {
        let buckets = Buckets::new(0.001, 2.0);
        let now = Instant::now();
        for number in 0..2 * MAX_ADDRESSES as u32 {
            let _ = buckets.take(Ipv4Addr::from_bits(number).into(), now);
        }
        let kept = buckets.buckets.lock().unwrap().len();
        assert!(kept <= MAX_ADDRESSES + 1, "{kept}");
        assert!(
            buckets
                .take(Ipv4Addr::from_bits(u32::MAX).into(), now)
                .is_err()
        );
    }

    #[test]
    fn networks() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
