//! Money and counts from decimal text, exactly: no floating point between a provider and a bill.

/// More digits than any price or count has; more are refused rather than rounded.
const MOST_DIGITS: usize = 36;

/// Reads a non-negative JSON number such as `0.00000015` or `1.5e-7`, quoted or not, and gives it
/// times 10^`power`, rounded half up; `None` for anything else or if it does not fit.
pub(crate) fn scaled(text: &str, power: i32) -> Option<i64> {
    let text = text.trim().trim_matches('"').trim();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = [whole, fraction].concat();
    let is_number = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || digits.len() > MOST_DIGITS {
        return None;
    }
    let number: i128 = digits.parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?;
    let shift = exponent.checked_add(power)?.checked_sub(places)?;
    let value = if shift >= 0 {
        number.checked_mul(power_of_ten(shift)?)?
    } else {
        match power_of_ten(shift.checked_neg()?) {
            Some(divisor) => rounded(number, divisor),
            None => 0,
        }
    };
    i64::try_from(value).ok()
}

/// `number / divisor`, rounded half up; both non-negative.
pub(crate) fn rounded(number: i128, divisor: i128) -> i128 {
    number / divisor + i128::from(number % divisor >= divisor - divisor / 2)
}

fn power_of_ten(exponent: i32) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(exponent).ok()?)
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn reads_prices_exactly() {
        // Dollars per token to micro-dollars per million tokens.
        for (text, expected) in [
            ("0.00000015", 150_000),
            ("\"0.00000015\"", 150_000),
            ("1.5e-7", 150_000),
            ("0.0000000000005", 1),
            ("0.0000000000004", 0),
            ("0", 0),
            ("0.0", 0),
            ("0.000075", 75_000_000),
            ("1E-6", 1_000_000),
        ] {
            assert_eq!(scaled(text, 12), Some(expected), "{text}");
        }
        assert_eq!(scaled("0.0001415", 6), Some(142));
        assert_eq!(scaled("12.0", 0), Some(12));
        assert_eq!(scaled("0.1e-400", 6), Some(0));
    }

    #[test]
    fn refuses_what_is_no_price() {
        for text in [
            "-1",
            "",
            ".",
            ".5",
            "1.2.3",
            "NaN",
            "1e999",
            "0x10",
            "null",
            "{}",
            "1e99999999999",
        ] {
            assert_eq!(scaled(text, 12), None, "{text}");
        }
        assert_eq!(scaled("99999999999999999999", 0), None);
        assert_eq!(scaled(&"9".repeat(60), 0), None);
    }
}
