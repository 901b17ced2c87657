//! The chat template of the GGUF file: how a conversation becomes the text that the model was trained on.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use gateway::Role;
use minijinja::{Environment, Error, ErrorKind, context, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

use crate::gguf::{Gguf, LoadError, first_line};

/// The present moment; templates may write today's date.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A turn as templates know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Turn {
    role: Role,
    content: String,
}

impl Turn {
    pub(crate) fn new(role: Role, content: String) -> Self {
        Self { role, content }
    }

    pub(crate) fn role(&self) -> Role {
        self.role
    }

    pub(crate) fn content(&self) -> &str {
        &self.content
    }
}

/// A compiled chat template.
#[derive(Debug)]
pub(crate) struct Template {
    environment: Environment<'static>,
    first_token: String,
    last_token: String,
}

const NAME: &str = "chat";

impl Template {
    pub(crate) fn new(gguf: &Gguf, now: &Now) -> Result<Self, LoadError> {
        let source = gguf
            .text("tokenizer.chat_template")
            .ok_or_else(|| gguf.unsupported("it has no chat template"))?;
        let environment = environment(source.to_owned(), now).map_err(|error| {
            gguf.unsupported(format!(
                "its chat template: {}",
                first_line(&error.to_string())
            ))
        })?;
        let token = |name: &str| {
            let id = gguf.whole(&format!("tokenizer.ggml.{name}_token_id"));
            let text = id.and_then(|id| gguf.texts("tokenizer.ggml.tokens").nth(id));
            text.unwrap_or_default().to_owned()
        };
        Ok(Self {
            environment,
            first_token: token("bos"),
            last_token: token("eos"),
        })
    }

    /// The text of `turns`, up to where the model's next answer begins.
    pub(crate) fn render(&self, turns: &[Turn]) -> Result<String, Error> {
        self.environment.get_template(NAME)?.render(context! {
            messages => Serde(turns),
            add_generation_prompt => true,
            // Models that can think aloud are asked to answer at once: thoughts are not told apart here.
            enable_thinking => false,
            bos_token => self.first_token.as_str(),
            eos_token => self.last_token.as_str(),
        })
    }
}

fn environment(source: String, now: &Now) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    // Chat templates are written for these two settings of Jinja.
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function(
        "raise_exception",
        |reason: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, reason))
        },
    );
    let now = Arc::clone(now);
    environment.add_function(
        "strftime_now",
        move |format: String| -> Result<String, Error> {
            let mut text = String::new();
            // The format comes from the file: a wrong one is an error, not a panic.
            std::fmt::write(&mut text, format_args!("{}", now().format(&format)))
                .map(|()| text)
                .map_err(|_| Error::new(ErrorKind::InvalidOperation, "strftime_now: bad format"))
        },
    );
    environment.add_template_owned(NAME, source)?;
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(source: &str, turns: &[Turn]) -> Result<String, Error> {
        let now: Now = Arc::new(|| DateTime::UNIX_EPOCH);
        let template = Template {
            environment: environment(source.to_owned(), &now)?,
            first_token: "<s>".to_owned(),
            last_token: "</s>".to_owned(),
        };
        template.render(turns)
    }

    fn turns() -> [Turn; 2] {
        [
            Turn::new(Role::User, " Hello ".to_owned()),
            Turn::new(Role::Assistant, "<think>\nhm\n</think>\n\nHi".to_owned()),
        ]
    }

    #[test]
    fn python_methods_slices_and_namespaces_work() {
        let source = r"{{ bos_token }}
{%- set ns = namespace(last='') %}
{%- for message in messages[::-1] %}
    {%- if message.role == 'user' %}
        {%- set ns.last = message.content.strip() %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if '</think>' in message.content %}
        {%- set content = message.content.split('</think>')[-1].lstrip('\n') %}
        {{- '[' + message['role'].upper() + ':' + content + ']' }}
    {%- elif message.content.startswith(' H') and not tools %}
        {{- ns.last | tojson }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt and enable_thinking is defined and enable_thinking is false %}!{% endif %}";
        assert_eq!(
            render(source, &turns()).unwrap(),
            "<s>\"Hello\"[ASSISTANT:Hi]!"
        );
    }

    #[test]
    fn the_date_is_the_clocks_and_a_bad_format_is_an_error() {
        assert_eq!(
            render("{{ strftime_now('%d %b %Y') }}", &[]).unwrap(),
            "01 Jan 1970"
        );
        assert!(render("{{ strftime_now('%Q') }}", &[]).is_err());
    }

    #[test]
    fn what_the_template_refuses_is_its_own_sentence() {
        let error = render("{{ raise_exception('roles must alternate') }}", &[]).unwrap_err();
        assert!(
            error.to_string().contains("roles must alternate"),
            "{error}"
        );
    }
}
