//! The HTTP floor.

use serde_json::Value;

use crate::support::{Client, TestApp};

#[tokio::test]
async fn the_system_tells_how_it_is() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    assert_eq!(nobody.get("/health").await.body["status"], "ok");
    let ready = nobody.get("/ready").await;
    assert_eq!(
        (ready.status, &ready.body["status"]),
        (200, &Value::from("ok"))
    );
    assert!(
        ready.body["parts"]
            .as_array()
            .unwrap()
            .iter()
            .any(|part| part["name"] == "database")
    );
    assert_eq!(nobody.get("/metrics").await.status, 200);
    let instance = nobody.get("/api/instance").await;
    assert_eq!(instance.body["name"], "Sangam");
    assert_eq!(instance.body["registration"], "open");
    let openapi = nobody.get("/api/openapi.json").await;
    assert_eq!(openapi.body["openapi"], "3.1.0");
    assert!(nobody.get("/api/docs/").await.text.contains("swagger-ui"));
}

#[tokio::test]
async fn an_unknown_route_is_a_problem_and_an_unknown_page_is_the_page() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let missing = nobody.get("/api/nothing").await;
    assert_eq!(missing.line(), "404 not_found");
    assert_eq!(missing.header("content-type"), "application/problem+json");
    assert_eq!(missing.body["instance"], "/api/nothing");
    assert_eq!(missing.body["requestId"], missing.header("x-request-id"));
    let wrong = nobody.delete("/health").await;
    assert_eq!(wrong.line(), "405 method_not_allowed");
    let page = nobody.get("/chat/some-id").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(nobody.get("/assets/none.js").await.line(), "404 not_found");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::new().await;
    for path in ["/", "/health", "/api/chats", "/api/nothing", "/api/docs/"] {
        let reply = app.anonymous().get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            reply
                .header("content-security-policy")
                .contains("default-src 'self'"),
            "{path}"
        );
        assert!(
            !reply
                .header("content-security-policy")
                .contains("script-src 'self' 'unsafe"),
            "{path}"
        );
        assert_eq!(
            reply.header("strict-transport-security"),
            "",
            "not on http: {path}"
        );
    }
    assert_eq!(
        app.anonymous()
            .get("/api/chats")
            .await
            .header("cache-control"),
        "no-store"
    );
    let secure = TestApp::with(&[("PUBLIC_URL", "https://ai.example.org")]).await;
    let client = Client::new(&secure.base).header("host", "ai.example.org");
    assert!(
        client
            .get("/health")
            .await
            .header("strict-transport-security")
            .contains("31536000")
    );
}

#[tokio::test]
async fn another_name_is_not_answered_to() {
    let app = TestApp::new().await;
    let evil = Client::new(&app.base).header("host", "evil.example.org");
    assert_eq!(evil.get("/api/instance").await.line(), "421 host_refused");
    assert_eq!(evil.get("/").await.line(), "421 host_refused");
    assert_eq!(
        evil.get("/health").await.status,
        200,
        "probes come by address"
    );
}

#[tokio::test]
async fn other_origins_get_cors_only_when_they_are_configured() {
    let app = TestApp::with(&[("CORS_ORIGINS", "https://app.example.org")]).await;
    let from = async |origin: &str| {
        let client = Client::new(&app.base).header("origin", origin);
        client
            .get("/api/instance")
            .await
            .header("access-control-allow-origin")
            .to_owned()
    };
    assert_eq!(
        from("https://app.example.org").await,
        "https://app.example.org"
    );
    assert_eq!(from("https://evil.example.org").await, "");
    let closed = TestApp::new().await;
    let client = Client::new(&closed.base).header("origin", "https://app.example.org");
    assert_eq!(
        client
            .get("/api/instance")
            .await
            .header("access-control-allow-origin"),
        ""
    );
}

/// Every operation of the API but these wants somebody who is signed in.
#[tokio::test]
async fn every_operation_wants_a_sign_in_unless_it_says_otherwise() {
    const PUBLIC: &[&str] = &[
        "GET /health",
        "GET /ready",
        "GET /metrics",
        "GET /api/instance",
        "GET /api/openapi.json",
        "POST /api/auth/register",
        "POST /api/auth/login",
        "POST /api/auth/refresh",
        "POST /api/auth/link",
        "POST /api/auth/setup",
        "POST /api/auth/reset",
        "GET /api/shared/{token}",
        "GET /api/shared/{token}/files/{fileId}",
        "GET /api/shared/{token}/files/{fileId}/thumbnail",
    ];
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let description = nobody.get("/api/openapi.json").await.body;
    let mut seen = 0;
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            let is_public = operation["security"]
                .as_array()
                .is_some_and(|list| list.iter().any(|s| s == &serde_json::json!({})));
            assert_eq!(
                is_public,
                PUBLIC.contains(&name.as_str()),
                "{name}: its security in the description"
            );
            if is_public {
                continue;
            }
            let any = "0190b0a0-0000-7000-8000-000000000000";
            let path = path.replace("{id}", any).replace("{messageId}", any);
            let method = method.to_uppercase().parse().unwrap();
            let reply = nobody
                .send(nobody.request(method, &path).json(&serde_json::json!({})))
                .await;
            assert_eq!(reply.line(), "401 unauthenticated", "{name}");
            seen += 1;
        }
    }
    assert!(seen > 10, "the description holds the operations");
}
