//! Percentiles and how they are printed.

use std::time::Duration;

/// `a / b` of counts.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts far below 2^52"
)]
pub(crate) fn quotient(a: u64, b: u64) -> f64 {
    a as f64 / b as f64
}

/// The value below which `per_mille` thousandths of the sorted samples lie.
pub(crate) fn percentile(sorted: &[Duration], per_mille: usize) -> Duration {
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1) - 1;
    sorted.get(rank).copied().unwrap_or_default()
}

/// `min / p50 / p95 / max` in milliseconds.
pub(crate) fn summary(samples: &mut [Duration]) -> String {
    samples.sort_unstable();
    let of = |per_mille| milliseconds(percentile(samples, per_mille));
    let min = samples.first().copied().unwrap_or_default();
    format!(
        "min {} p50 {} p95 {} max {}",
        milliseconds(min),
        of(500),
        of(950),
        of(1000)
    )
}

/// Milliseconds, with more digits where they tell something.
pub(crate) fn milliseconds(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    if ms < 10.0 {
        format!("{ms:.2}")
    } else {
        format!("{ms:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_ranks() {
        let samples: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&samples, 500), Duration::from_millis(50));
        assert_eq!(percentile(&samples, 950), Duration::from_millis(95));
        assert_eq!(percentile(&samples, 1000), Duration::from_millis(100));
        assert_eq!(percentile(&[], 500), Duration::ZERO);
    }
}
