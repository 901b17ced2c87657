//! Axum's extractors with rejections that are problems: each names the field and the fix.

use axum::{
    RequestExt,
    body::Body,
    extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{header, request::Parts};
use http_body_util::LengthLimitError;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{
    Error, FieldError, INVALID, MALFORMED, NOT_FOUND, TOO_LARGE, UNKNOWN_FIELD,
    UNSUPPORTED_MEDIA_TYPE,
};

/// A JSON body, in or out.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// Values in the path; one that cannot be read is not there (404).
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

/// Values behind the `?`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Error::from(error).into_response(),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if !is_json(&request) {
            let detail = "Send the body with Content-Type: application/json.";
            return Err(Error::new(UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let bytes = body(request).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Error;

    /// A request without a body is `None`.
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Error> {
        use axum::body::HttpBody;
        let is_empty = request.body().is_end_stream();
        if is_empty {
            return Ok(None);
        }
        if !is_json(&request) {
            let bytes = body(request).await?;
            return if bytes.is_empty() {
                Ok(None)
            } else {
                let detail = "Send the body with Content-Type: application/json.";
                Err(Error::new(UNSUPPORTED_MEDIA_TYPE, detail))
            };
        }
        <Self as FromRequest<S>>::from_request(request, state)
            .await
            .map(Some)
    }
}

fn is_json(request: &Request<Body>) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let essence = content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// The whole body, within the limit that the layers set.
async fn body(request: Request) -> Result<bytes::Bytes, Error> {
    use http_body_util::BodyExt;
    let limited = request.with_limited_body().into_body();
    limited
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .map_err(|error| {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(inner) = cause {
                if inner.is::<LengthLimitError>() {
                    return Error::new(TOO_LARGE, "The body is larger than this route takes.");
                }
                cause = inner.source();
            }
            Error::new(MALFORMED, "The body did not arrive whole.")
        })
}

/// Reads JSON, refusing what the API never takes: unknown fields and U+0000.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if contains_nul(bytes) {
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| malformed(&e))?;
        if let Some(field) = field_with_nul(&value, "") {
            let detail = "must not contain the character U+0000".to_owned();
            let fields = vec![FieldError {
                field,
                code: "nul",
                detail,
            }];
            return Err(Error {
                code: MALFORMED,
                ..Error::fields(fields)
            });
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        rejected(&path, error.inner())
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Whether the text may hold U+0000; only then is it looked for closely.
fn contains_nul(bytes: &[u8]) -> bool {
    bytes.contains(&0) || bytes.windows(6).any(|window| window == br"\u0000")
}

fn field_with_nul(value: &serde_json::Value, path: &str) -> Option<String> {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        serde_json::Value::String(text) if text.contains('\0') => Some(path.to_owned()),
        serde_json::Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| field_with_nul(item, &below(&index.to_string()))),
        serde_json::Value::Object(fields) => fields.iter().find_map(|(key, item)| {
            if key.contains('\0') {
                Some(below("?"))
            } else {
                field_with_nul(item, &below(key))
            }
        }),
        _ => None,
    }
}

fn malformed(error: &serde_json::Error) -> Error {
    Error::new(MALFORMED, format!("The body is not JSON: {error}."))
}

fn rejected(path: &str, error: &serde_json::Error) -> Error {
    if error.is_syntax() || error.is_eof() {
        return malformed(error);
    }
    let text = error.to_string();
    let text = text
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    field_problem(path, &text)
}

/// Serde's sentence as an error about a field.
fn field_problem(path: &str, text: &str) -> Error {
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let parent = path.trim_matches('.');
    let below = |field: &str| match parent {
        "" => field.to_owned(),
        parent if parent == field || parent.ends_with(&format!(".{field}")) => parent.to_owned(),
        parent => format!("{parent}.{field}"),
    };
    let (code, field, kind) = if text.starts_with("unknown field") {
        ("unknown", below(quoted), UNKNOWN_FIELD)
    } else if text.starts_with("missing field") {
        ("required", below(quoted), INVALID)
    } else {
        ("type", parent.to_owned(), INVALID)
    };
    let field = if field.is_empty() {
        "body".to_owned()
    } else {
        field
    };
    let fields = vec![FieldError {
        field,
        code,
        detail: text.to_owned(),
    }];
    Error {
        code: kind,
        ..Error::fields(fields)
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    #[expect(
        clippy::disallowed_types,
        reason = "this is the wrapper the rule asks for"
    )]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::not_found(NOT_FOUND)),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        if query.contains("%00") {
            return Err(Error::new(MALFORMED, "The query must not contain U+0000."));
        }
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|error| {
                let path = error.path().to_string();
                field_problem(&path, &error.inner().to_string())
            })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its reading is looked at")]
        name: String,
        #[expect(dead_code, reason = "only its reading is looked at")]
        params: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading is looked at")]
        temperature: f64,
    }

    fn refused(text: &str) -> String {
        let error = parse::<Sample>(text.as_bytes()).unwrap_err();
        let fields: Vec<_> = error
            .fields
            .iter()
            .map(|f| format!("{} {}", f.field, f.code))
            .collect();
        format!("{} {}", error.code.name, fields.join(","))
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        assert_eq!(
            refused(r#"{"name":"a","nmae":1}"#),
            "unknown_field nmae unknown"
        );
        assert_eq!(refused("{}"), "invalid name required");
        assert_eq!(refused(r#"{"name":5}"#), "invalid name type");
        assert_eq!(
            refused(r#"{"name":"a","params":{"top":1}}"#),
            "unknown_field params.top unknown"
        );
        assert_eq!(refused(r#"{"name":"a\u0000"}"#), "malformed name nul");
        assert_eq!(refused(r#"{"name":"#), "malformed ");
        assert_eq!(refused(r#"{"name":"a"} x"#), "malformed ");
    }

    #[test]
    fn an_escaped_backslash_before_u0000_is_no_nul() {
        assert!(parse::<Sample>(br#"{"name":"\\u0000"}"#).is_ok());
    }
}
