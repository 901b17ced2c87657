//! How long a provider asks to wait.

use std::time::{Duration, SystemTime};

use outbound::Response;

/// Longest wait that is believed; what asks for more is told so as this.
const LONGEST: Duration = Duration::from_hours(24);

/// Reads `retry-after-ms`, or `retry-after` as seconds or as an HTTP date. A date is measured
/// against the answer's own `date`, so that a clock that is off does no harm.
pub(crate) fn of(response: &Response, now: SystemTime) -> Option<Duration> {
    if let Some(ms) = response.header("retry-after-ms").and_then(number) {
        return bounded(ms / 1000.0);
    }
    let date = response
        .header("date")
        .and_then(|date| httpdate::parse_http_date(date).ok());
    parse(response.header("retry-after")?, date.unwrap_or(now))
}

fn parse(value: &str, now: SystemTime) -> Option<Duration> {
    if let Some(seconds) = number(value) {
        return bounded(seconds);
    }
    let until = httpdate::parse_http_date(value.trim()).ok()?;
    Some(until.duration_since(now).unwrap_or_default().min(LONGEST))
}

fn number(value: &str) -> Option<f64> {
    value.trim().parse().ok()
}

fn bounded(seconds: f64) -> Option<Duration> {
    let is_sensible = seconds.is_finite() && seconds >= 0.0;
    is_sensible.then(|| Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{LONGEST, parse};

    #[test]
    fn reads_seconds_and_dates() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let wait = |value| parse(value, now);
        assert_eq!(wait("3"), Some(Duration::from_secs(3)));
        assert_eq!(wait(" 0.5 "), Some(Duration::from_millis(500)));
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:49:47 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("1e300"), Some(LONGEST));
        for nonsense in ["-1", "NaN", "inf", "soon", ""] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
    }
}
