//! Counts → rates with their confidence intervals, and moving averages of rates.

/// 97.5 % point of the standard normal distribution: intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Returns the interval of 95 % of a Poisson mean of which `events` were observed.
///
/// Byar's approximation to the exact limits (N. E. Breslow, N. E. Day, Statistical Methods in Cancer
/// Research II, IARC 1987, p. 69): x(1 − 1/9x − z/3√x)³ and (x+1)(1 − 1/9(x+1) + z/3√(x+1))³; within
/// 1.5 % of them from 5 events on. It takes occurrences as independent; words that come in clusters
/// vary more.
pub(super) fn poisson(events: u64) -> [f64; 2] {
    let limit = |x: f64, z: f64| x * (1.0 - 1.0 / (9.0 * x) + z / (3.0 * x.sqrt())).powi(3);
    let events = events as f64;
    let lower = match events > 0.0 {
        true => limit(events, -Z).max(0.0),
        false => 0.0,
    };
    [lower, limit(events + 1.0, Z)]
}

/// Returns the interval of 95 % of a share of which `hits` of `all` were observed; `None` of nothing.
///
/// Wilson's score interval (E. B. Wilson, Probable inference, the law of succession, and statistical
/// inference, 1927): (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
pub(super) fn wilson(hits: u64, all: u64) -> Option<[f64; 2]> {
    if all == 0 {
        return None;
    }
    let (share, all) = (hits as f64 / all as f64, all as f64);
    let square = Z * Z;
    let middle = share + square / (2.0 * all);
    let half = Z * (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
    let scale = 1.0 + square / all;
    Some([
        ((middle - half) / scale).clamp(0.0, 1.0),
        ((middle + half) / scale).clamp(0.0, 1.0),
    ])
}

/// Returns for each year the mean of the rates of the `years` years around it; years without one are
/// left out of the mean, and at the ends it is taken over those that there are.
pub(super) fn smoothed(rates: &[Option<f64>], years: usize) -> Vec<Option<f64>> {
    let reach = years / 2;
    (0..rates.len())
        .map(|at| {
            rates[at]?;
            let around = at.saturating_sub(reach)..(at + reach + 1).min(rates.len());
            let known: Vec<f64> = rates[around].iter().copied().flatten().collect();
            Some(known.iter().sum::<f64>() / known.len() as f64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: [f64; 2], expected: [f64; 2], within: f64) {
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() <= within, "{found} {expected}");
        }
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Exact limits (Garwood 1936), as tables of the Poisson distribution give them.
        check(poisson(0), [0.0, 3.689], 0.1);
        check(poisson(5), [1.623, 11.668], 0.03);
        check(poisson(10), [4.795, 18.390], 0.02);
        check(poisson(100), [81.36, 121.63], 0.02);
        // R: prop.test(8, 10, correct = FALSE).
        check(wilson(8, 10).unwrap(), [0.4901625, 0.9433178], 1e-6);
        check(wilson(0, 20).unwrap(), [0.0, 0.1611252], 1e-6);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn averages_leave_gaps_out() {
        let rates = [Some(1.0), None, Some(3.0), Some(5.0)];
        assert_eq!(smoothed(&rates, 3), [Some(1.0), None, Some(4.0), Some(4.0)]);
        assert_eq!(smoothed(&rates, 1), rates);
        assert_eq!(smoothed(&[], 5), []);
    }
}
