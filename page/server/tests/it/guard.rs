//! The server tells only this machine, and lets the page ask only itself and the node.

use crate::stage::Stage;
use alloy::transports::http::reqwest::{Client, Method};
use eyre::{OptionExt, Result, ensure};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_begins_to_mean_this_machine_is_refused() -> Result<()> {
    let stage = Stage::new("names").await?;
    let server = stage.serve_page(|page| page.host.push("page.example".to_owned())).await?;
    let (client, port) = (Client::new(), server.serving.address.port());
    for (host, expected) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        ("[::1]".to_owned(), 200),
        ("page.example".to_owned(), 200),
        ("PAGE.example:8080".to_owned(), 200),
        ("evil.example".to_owned(), 403),
        (format!("127.0.0.1.evil.example:{port}"), 403),
        ("localhost.evil.example".to_owned(), 403),
        ("10.0.0.1".to_owned(), 403),
    ] {
        let asked = client.get(server.url("/api/openapi.json")).header("host", &host).send().await?;
        assert_eq!(asked.status(), expected, "{host}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_written_and_nobody_else_may_read() -> Result<()> {
    let stage = Stage::new("read-only").await?;
    let (server, client) = (stage.serve().await?, Client::new());
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let asked = client.request(method.clone(), server.url("/api/totals")).body("{}").send().await?;
        assert_eq!(asked.status(), 405, "{method}");
    }
    let asked = client.get(server.url("/api/totals")).header("origin", "https://evil.example").send().await?;
    ensure!(asked.headers().get("access-control-allow-origin").is_none(), "another page may read it");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_ask_nobody_but_its_server_and_the_node() -> Result<()> {
    let stage = Stage::new("policy").await?;
    let app = stage.folder.join("app");
    fs::create_dir_all(app.join("assets"))?;
    fs::write(app.join("index.html"), "<!doctype html><title>Page</title>")?;
    fs::write(app.join("assets/page.js"), "export {};")?;
    let server = stage
        .serve_page(|page| {
            page.api_only = false;
            page.app = Some(app);
        })
        .await?;
    let (node, ws) = (stage.node.http_url(), stage.node.ws_url());
    for (path, kind) in [("/", "text/html"), ("/operators/0x1", "text/html"), ("/assets/page.js", "text/javascript")] {
        let answer = Client::new().get(server.url(path)).send().await?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        ensure!(header("content-type").is_some_and(|found| found.starts_with(kind)), "{path}");
        let policy = header("content-security-policy").ok_or_eyre("no policy")?;
        let asks: Vec<&str> = policy.split("; ").filter(|rule| rule.starts_with("connect-src")).collect();
        let expected = format!("connect-src 'self' {} {}", node.trim_end_matches('/'), ws.trim_end_matches('/'));
        assert_eq!(asks, [expected.as_str()]);
        ensure!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    Ok(())
}
