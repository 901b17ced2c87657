//! What may be asked of a model beside the question: by default, for a chat, and for one message.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, FieldError, Result};

/// Sampling and limits; what is absent is left to the chat, then to the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Params {
    /// Instructions that hold for the whole chat; 32,000 characters at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 32000)]
    pub system_prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1)]
    pub top_p: Option<f64>,
    /// Tokens of the answer at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub max_tokens: Option<u32>,
    /// Texts that end the answer; four at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 4)]
    pub stop: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<ReasoningEffort>,
}

/// How much a reasoning model thinks before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReasoningEffort {
    Minimal,
    Low,
    Medium,
    High,
}

impl ReasoningEffort {
    fn name(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Params {
    pub fn check(&self) -> Result<()> {
        let fields = self.wrong("params");
        if fields.is_empty() {
            Ok(())
        } else {
            Err(Error::fields(fields))
        }
    }

    /// What is not allowed of these, as parts of `field`.
    pub fn wrong(&self, field: &str) -> Vec<FieldError> {
        let whole = field;
        let mut fields = Vec::new();
        let mut check = |is_fine: bool, field: &str, detail: &str| {
            if !is_fine {
                let (field, detail) = (format!("{whole}.{field}"), detail.to_owned());
                fields.push(FieldError {
                    field,
                    code: "range",
                    detail,
                });
            }
        };
        let prompt = self.system_prompt.as_deref().unwrap_or_default();
        check(
            prompt.chars().count() <= 32_000,
            "systemPrompt",
            "32,000 characters at the most",
        );
        let within =
            |value: Option<f64>, most: f64| value.is_none_or(|v| (0.0..=most).contains(&v));
        check(
            within(self.temperature, 2.0),
            "temperature",
            "must be from 0 to 2",
        );
        check(within(self.top_p, 1.0), "topP", "must be from 0 to 1");
        let tokens = self
            .max_tokens
            .is_none_or(|tokens| (1..=1_000_000).contains(&tokens));
        check(tokens, "maxTokens", "must be from 1 to 1,000,000");
        let stop = self.stop.as_deref().unwrap_or_default();
        let is_short = stop
            .iter()
            .all(|text| (1..=200).contains(&text.chars().count()));
        check(
            stop.len() <= 4 && is_short,
            "stop",
            "four texts of 1 to 200 characters at the most",
        );
        fields
    }

    /// These, and the chat's where they say nothing.
    #[must_use]
    pub fn over(self, chat: Self) -> Self {
        Self {
            system_prompt: self.system_prompt.or(chat.system_prompt),
            temperature: self.temperature.or(chat.temperature),
            top_p: self.top_p.or(chat.top_p),
            max_tokens: self.max_tokens.or(chat.max_tokens),
            stop: self.stop.or(chat.stop),
            reasoning_effort: self.reasoning_effort.or(chat.reasoning_effort),
        }
    }

    /// For the provider; the system prompt travels as a message.
    pub fn for_provider(&self) -> gateway::Params {
        gateway::Params {
            temperature: self.temperature,
            top_p: self.top_p,
            max_tokens: self.max_tokens,
            stop: self.stop.clone().unwrap_or_default(),
            reasoning_effort: self.reasoning_effort.map(|effort| effort.name().to_owned()),
        }
    }

    pub fn to_row(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// From a row; what a later version wrote and this one does not know is left out.
    pub fn from_row(value: &serde_json::Value) -> Self {
        serde_json::from_value(value.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_out_of_range_is_named() {
        let params = Params {
            temperature: Some(2.5),
            top_p: Some(-0.1),
            max_tokens: Some(0),
            stop: Some(vec![String::new()]),
            ..Params::default()
        };
        let error = params.check().unwrap_err();
        let fields: Vec<_> = error
            .fields
            .iter()
            .map(|field| field.field.as_str())
            .collect();
        assert_eq!(
            fields,
            [
                "params.temperature",
                "params.topP",
                "params.maxTokens",
                "params.stop"
            ]
        );
        assert!(Params::default().check().is_ok());
    }

    #[test]
    fn a_message_speaks_before_its_chat() {
        let chat = Params {
            temperature: Some(1.0),
            top_p: Some(0.5),
            ..Params::default()
        };
        let message = Params {
            temperature: Some(0.0),
            ..Params::default()
        };
        let both = message.over(chat);
        assert_eq!((both.temperature, both.top_p), (Some(0.0), Some(0.5)));
    }
}
