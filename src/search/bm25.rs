//! BM25 (Robertson and Zaragoza 2009, *The Probabilistic Relevance Framework*, section 3).

/// Returns the inverse document frequency of a term: ln(1 + (N − n + ½) / (n + ½)), never negative.
pub fn idf(documents_with: u64, documents: u64) -> f32 {
    let with = documents_with.min(documents) as f32;
    (1.0 + (documents as f32 - with + 0.5) / (with + 0.5)).ln()
}

/// Returns what a length takes from a frequency: k₁ · (1 − b + b · length / average).
#[inline]
pub fn norm(length: f32, average: f32, k1: f32, b: f32) -> f32 {
    k1 * (1.0 - b + b * length / average.max(1.0))
}

/// Returns the saturated frequency: f · (k₁ + 1) / (f + norm).
#[inline]
pub fn saturate(frequency: f32, norm: f32, k1: f32) -> f32 {
    frequency * (k1 + 1.0) / (frequency + norm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_terms_and_short_passages_count_more() {
        assert!(idf(1, 100) > idf(50, 100));
        assert!(idf(100, 100) > 0.0);
        let of = |frequency, length| saturate(frequency, norm(length, 100.0, 1.2, 0.75), 1.2);
        assert!(of(1.0, 50.0) > of(1.0, 200.0));
        assert!(of(2.0, 100.0) > of(1.0, 100.0));
    }
}
