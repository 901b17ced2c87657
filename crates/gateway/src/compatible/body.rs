//! The request, serialised once, straight from the conversation.

use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{Message, Request, Role, fault::Refusal};

/// Follows the unfinished answer when it is to be gone on with. An assistant's message at the end is
/// taken for a beginning to complete by some servers, for a turn that is over by others, and is
/// refused by a few: an instruction in words is understood by all.
const CONTINUE: &str = "Your last message was cut off. Continue it from exactly where it stopped: \
    begin with the very next character, repeat nothing of it, and add no introduction, comment or \
    apology.";

/// Which optional fields a server is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// `stream_options`, which asks for usage.
    pub(super) has_stream_options: bool,
    /// The token limit goes by its newer name.
    pub(super) has_new_limit_name: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            has_stream_options: true,
            has_new_limit_name: false,
        }
    }
}

impl Form {
    /// The form to try next when a field of this one was refused; each field is given up once.
    pub(super) fn without_what(self, refusal: &Refusal, request: &Request) -> Option<Self> {
        if !matches!(refusal.status, 400 | 422) {
            return None;
        }
        let knows_new_name = refusal.names("max_completion_tokens");
        if knows_new_name && !self.has_new_limit_name && request.params.max_tokens.is_some() {
            return Some(Self {
                has_new_limit_name: true,
                ..self
            });
        }
        let is_named = refusal.names("stream_options") || refusal.names("include_usage");
        let may_be_meant = is_named || refusal.is_wordless();
        (self.has_stream_options && may_be_meant).then_some(Self {
            has_stream_options: false,
            ..self
        })
    }
}

/// Fields of the request that not every dialect has.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Extras {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasoning_effort: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasoning: Option<Effort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<Include>,
}

/// How much a model should reason.
#[derive(Debug, Serialize)]
pub(crate) struct Effort {
    pub(crate) effort: String,
}

/// Asks for something to be included in the answer.
#[derive(Debug, Serialize)]
pub(crate) struct Include {
    pub(crate) include: bool,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Turns<'a>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
    #[serde(flatten)]
    extras: &'a Extras,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

/// The JSON text of one request.
pub(super) fn json(
    request: &Request,
    form: Form,
    extras: &Extras,
) -> Result<Vec<u8>, serde_json::Error> {
    let limit = request.params.max_tokens;
    serde_json::to_vec(&Body {
        model: &request.model,
        messages: Turns::of(request),
        stream: true,
        stream_options: form.has_stream_options.then_some(StreamOptions {
            include_usage: true,
        }),
        temperature: request.params.temperature,
        top_p: request.params.top_p,
        max_tokens: limit.filter(|_| !form.has_new_limit_name),
        max_completion_tokens: limit.filter(|_| form.has_new_limit_name),
        stop: &request.params.stop,
        extras,
    })
}

/// The conversation, and the instruction to go on where there is an unfinished answer.
struct Turns<'a> {
    messages: &'a [Message],
    continues: bool,
}

impl<'a> Turns<'a> {
    fn of(request: &'a Request) -> Self {
        match request.messages.split_last() {
            // Nothing was shown yet: that is the same as answering for the first time.
            Some((last, before))
                if request.continues
                    && last.role == Role::Assistant
                    && last.content.trim().is_empty() =>
            {
                Self {
                    messages: before,
                    continues: false,
                }
            }
            _ => Self {
                messages: &request.messages,
                continues: request.continues,
            },
        }
    }
}

/// One message on the wire: words as they are, in parts only where there is something to see.
#[derive(Serialize)]
struct Turn<'a> {
    role: Role,
    content: Content<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Words(&'a str),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: Address<'a> },
}

#[derive(Serialize)]
struct Address<'a> {
    url: &'a str,
}

impl<'a> Turn<'a> {
    fn of(message: &'a Message) -> Self {
        let content = if message.images.is_empty() {
            Content::Words(&message.content)
        } else {
            let images = message.images.iter().map(|image| Part::ImageUrl {
                image_url: Address {
                    url: image.data_url(),
                },
            });
            let words = Some(message.content.as_str()).filter(|words| !words.is_empty());
            let words = words.map(|text| Part::Text { text });
            Content::Parts(images.chain(words).collect())
        };
        Self {
            role: message.role,
            content,
        }
    }
}

impl Serialize for Turns<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Instruction {
            role: Role,
            content: &'static str,
        }
        let length = self.messages.len() + usize::from(self.continues);
        let mut turns = serializer.serialize_seq(Some(length))?;
        for message in self.messages {
            turns.serialize_element(&Turn::of(message))?;
        }
        if self.continues {
            turns.serialize_element(&Instruction {
                role: Role::User,
                content: CONTINUE,
            })?;
        }
        turns.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{CONTINUE, Extras, Form, json};
    use crate::{Image, Message, Params, Request, Role};

    fn body(request: &Request, form: Form) -> Value {
        serde_json::from_slice(&json(request, form, &Extras::default()).unwrap()).unwrap()
    }

    fn turn(role: Role, content: &str) -> Message {
        Message::new(role, content)
    }

    #[test]
    fn unset_parameters_are_left_out() {
        let request = Request {
            model: "m".into(),
            messages: vec![turn(Role::User, "hi")],
            ..Request::default()
        };
        let expected = json!({
            "model": "m", "messages": [{"role": "user", "content": "hi"}],
            "stream": true, "stream_options": {"include_usage": true}
        });
        assert_eq!(body(&request, Form::default()), expected);
    }

    #[test]
    fn set_parameters_are_sent_in_the_form_that_is_taken() {
        let params = Params {
            temperature: Some(0.5),
            top_p: Some(0.9),
            max_tokens: Some(7),
            stop: vec!["END".into()],
            reasoning_effort: None,
        };
        let request = Request {
            model: "m".into(),
            params,
            ..Request::default()
        };
        let form = Form {
            has_stream_options: false,
            has_new_limit_name: true,
        };
        let expected = json!({
            "model": "m", "messages": [], "stream": true, "temperature": 0.5, "top_p": 0.9,
            "max_completion_tokens": 7, "stop": ["END"]
        });
        assert_eq!(body(&request, form), expected);
    }

    #[test]
    fn going_on_is_asked_for_in_words() {
        let messages = vec![turn(Role::User, "count"), turn(Role::Assistant, "1, 2")];
        let request = Request {
            messages,
            continues: true,
            ..Request::default()
        };
        let sent = body(&request, Form::default());
        assert_eq!(
            sent["messages"][1],
            json!({"role": "assistant", "content": "1, 2"})
        );
        assert_eq!(
            sent["messages"][2],
            json!({"role": "user", "content": CONTINUE})
        );
    }

    #[test]
    fn what_is_seen_goes_in_parts_before_the_words() {
        let image = Image::from_data_url("data:image/png;base64,AA==");
        let mut seen = turn(Role::User, "what is this?");
        seen.images.push(image);
        let request = Request {
            messages: vec![turn(Role::System, "be brief"), seen],
            ..Request::default()
        };
        let sent = body(&request, Form::default());
        let expected = json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                {"type": "text", "text": "what is this?"}
            ]}
        ]);
        assert_eq!(sent["messages"], expected);
    }

    #[test]
    fn an_answer_not_yet_begun_is_begun() {
        let messages = vec![turn(Role::User, "count"), turn(Role::Assistant, "")];
        let request = Request {
            messages,
            continues: true,
            ..Request::default()
        };
        let sent = body(&request, Form::default());
        assert_eq!(
            sent["messages"],
            json!([{"role": "user", "content": "count"}])
        );
    }
}
