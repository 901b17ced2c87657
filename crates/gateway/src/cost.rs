//! What an answer costs.

use crate::{Model, Usage, decimal::rounded};

const TOKENS_PER_PRICE: i128 = 1_000_000;

/// What an answer cost, in micro-dollars: what the provider says it charged, else its tokens at the
/// model's list prices, rounded half up once, over the sum. A model inside this process costs
/// nothing; `None` when the prices are not known.
pub fn cost_microusd(usage: Usage, model: &Model) -> Option<i64> {
    if usage.cost_microusd.is_some() {
        return usage.cost_microusd;
    }
    if model.is_local {
        return Some(0);
    }
    let prompt = i128::from(model.prompt_price_microusd_per_mtok?);
    let completion = i128::from(model.completion_price_microusd_per_mtok?);
    let sum =
        i128::from(usage.prompt_tokens) * prompt + i128::from(usage.completion_tokens) * completion;
    i64::try_from(rounded(sum.max(0), TOKENS_PER_PRICE)).ok()
}

#[cfg(test)]
mod tests {
    use super::cost_microusd;
    use crate::{Model, Usage};

    fn model(prompt: Option<i64>, completion: Option<i64>) -> Model {
        Model {
            id: "m".into(),
            name: "M".into(),
            context_length: None,
            prompt_price_microusd_per_mtok: prompt,
            completion_price_microusd_per_mtok: completion,
            modalities: vec![],
            is_local: false,
        }
    }

    fn usage(prompt_tokens: u32, completion_tokens: u32) -> Usage {
        Usage {
            prompt_tokens,
            completion_tokens,
            cost_microusd: None,
        }
    }

    #[test]
    fn multiplies_exactly_and_rounds_the_sum_once() {
        let cheap = model(Some(150_000), Some(600_000));
        assert_eq!(cost_microusd(usage(1000, 1000), &cheap), Some(750));
        assert_eq!(cost_microusd(usage(1, 0), &cheap), Some(0)); // 0.15
        assert_eq!(cost_microusd(usage(2, 1), &cheap), Some(1)); // 0.3 + 0.6: neither alone
        let half = model(Some(500_000), Some(0));
        assert_eq!(cost_microusd(usage(1, 9), &half), Some(1)); // 0.5 goes up
        let dear = model(Some(i64::MAX), Some(i64::MAX));
        assert_eq!(cost_microusd(usage(u32::MAX, u32::MAX), &dear), None);
    }

    #[test]
    fn believes_the_provider_and_does_not_guess() {
        let charged = Usage {
            cost_microusd: Some(42),
            ..usage(1000, 1000)
        };
        assert_eq!(cost_microusd(charged, &model(Some(1), Some(1))), Some(42));
        assert_eq!(
            cost_microusd(usage(1000, 1000), &model(Some(1), None)),
            None
        );
        let local = Model {
            is_local: true,
            ..model(None, None)
        };
        assert_eq!(cost_microusd(usage(1000, 1000), &local), Some(0));
    }
}
