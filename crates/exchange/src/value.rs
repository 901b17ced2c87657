//! Values that may be missing, null, or of another type than usual.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::Value;

/// Characters of a title.
const MOST_TITLE: usize = 200;

/// Text that is not empty; U+0000, which is no character anywhere here, becomes U+FFFD.
pub(crate) fn text(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.trim().is_empty())?;
    Some(text.replace('\0', "\u{fffd}"))
}

/// The first of these that is text.
pub(crate) fn first_text(value: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| text(&value[*key]))
}

pub(crate) fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true)
}

/// The items of a list; anything else has none.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A title on one line, cut where titles end.
pub(crate) fn one_line(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    if line.is_empty() {
        return None;
    }
    if line.chars().count() <= MOST_TITLE {
        return Some(line);
    }
    let cut: String = line.chars().take(MOST_TITLE - 1).collect();
    Some(format!("{}…", cut.trim_end()))
}

/// A moment, as seconds, milliseconds or smaller since 1970, or as RFC 3339 with or without a zone.
pub(crate) fn time(value: &Value) -> Option<DateTime<Utc>> {
    let at = match value {
        Value::Number(number) => since_1970(number.as_f64()?)?,
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => since_1970(number)?,
            Err(_) => written(text.trim())?,
        },
        _ => return None,
    };
    // Before the first of such programs and in a far future are mistakes.
    let year = at.format("%Y").to_string().parse::<i32>().ok()?;
    (1990..2200).contains(&year).then_some(at)
}

fn since_1970(number: f64) -> Option<DateTime<Utc>> {
    // The unit is known by the size: 1e11 seconds are the year 5138.
    let seconds = match number.abs() {
        size if size < 1e11 => number,
        size if size < 1e14 => number / 1e3,
        size if size < 1e17 => number / 1e6,
        _ => number / 1e9,
    };
    // Rounded to microseconds, which is what is kept.
    let whole = std::time::Duration::try_from_secs_f64(seconds + 5e-7).ok()?;
    let since = TimeDelta::from_std(whole).ok()?;
    let micros = DateTime::UNIX_EPOCH
        .checked_add_signed(since)?
        .timestamp_micros();
    DateTime::from_timestamp_micros(micros)
}

fn written(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return DateTime::from_timestamp_micros(at.timestamp_micros());
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|at| at.and_utc())
}

/// A fence that the text does not end.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let language: String = language
        .chars()
        .filter(|c| c.is_alphanumeric() || "+-#_.".contains(*c))
        .collect();
    format!(
        "{fence}{language}\n{}\n{fence}",
        text.trim_end_matches('\n')
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_are_read_however_they_are_written() {
        let expected = "2024-05-01T16:35:11.530Z";
        for value in [
            json!(1_714_581_311.53),
            json!(1_714_581_311_530_i64),
            json!("1714581311.53"),
            json!(expected),
            json!("2024-05-01T18:35:11.530+02:00"),
            json!("2024-05-01T16:35:11.530"),
            json!("2024-05-01 16:35:11.53"),
        ] {
            let at = time(&value).unwrap();
            assert_eq!(
                at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
                expected,
                "{value}"
            );
        }
        for value in [
            json!(null),
            json!(0),
            json!(-5),
            json!("soon"),
            json!(1e300),
            json!([]),
        ] {
            assert_eq!(time(&value), None, "{value}");
        }
    }

    #[test]
    fn titles_are_one_line() {
        assert_eq!(one_line(" a\n b\u{0} ").unwrap(), "a b");
        assert_eq!(one_line("\n\t"), None);
        assert_eq!(one_line(&"क".repeat(500)).unwrap().chars().count(), 200);
    }

    #[test]
    fn a_fence_is_longer_than_those_inside() {
        assert_eq!(fenced("py", "a\n"), "```py\na\n```");
        assert_eq!(fenced("", "````\nx"), "`````\n````\nx\n`````");
    }
}
