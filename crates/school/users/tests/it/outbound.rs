//! Asking other machines over TLS: whom the program trusts, and whom it does not.

use eduai_users::oidc::fetch::FetchError;
use eduai_users::oidc::{Outbound, OutboundRules};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::Value;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

/// A site on this machine whose certificate is for `name`. Gives its port and its certificate (PEM).
async fn site(name: &str) -> (u16, String) {
    let own = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut asked = vec![0; 4_096];
            let read = stream.read(&mut asked).await.unwrap_or(0);
            let path = String::from_utf8_lossy(&asked[..read]).split(' ').nth(1).unwrap_or_default().to_owned();
            let answer = match path.as_str() {
                "/moved" => {
                    "HTTP/1.1 302 Found\r\nLocation: https://localhost/\r\nContent-Length: 0\r\n\r\n".to_owned()
                }
                "/silent" => {
                    tokio::time::sleep(std::time::Duration::from_mins(1)).await;
                    String::new()
                }
                _ => "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"good\":true}".to_owned(),
            };
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, own.cert.pem())
}

fn trusting(pem: Option<&str>) -> Outbound {
    let path = std::env::temp_dir().join(format!("eduai-ca-{}-{}.pem", std::process::id(), pem.map_or(0, str::len)));
    let certificates = pem.map(|pem| {
        std::fs::write(&path, pem).unwrap();
        path.clone()
    });
    let outbound = Outbound::new(OutboundRules { loopback: true, private: false, certificates }).unwrap();
    let _ = std::fs::remove_file(path);
    outbound
}

#[tokio::test]
async fn a_certificate_is_trusted_when_it_was_named_and_is_for_the_site() {
    let (port, pem) = site("localhost").await;
    let address = format!("https://localhost:{port}/");
    let answer: Value = trusting(Some(&pem)).get(&address, None).await.unwrap().good().unwrap();
    assert_eq!(answer["good"], true);
    assert!(matches!(trusting(None).get(&address, None).await, Err(FetchError::Tls { .. })), "nobody vouches for it");
    let (other, pem) = site("school.example").await;
    let address = format!("https://localhost:{other}/");
    assert!(matches!(trusting(Some(&pem)).get(&address, None).await, Err(FetchError::Tls { .. })), "another's name");
}

#[tokio::test]
async fn no_redirect_is_followed_and_nobody_is_waited_for_too_long() {
    let (port, pem) = site("localhost").await;
    let outbound = trusting(Some(&pem));
    let moved = outbound.get(&format!("https://localhost:{port}/moved"), None).await.unwrap();
    assert!(matches!(moved.good::<Value>(), Err(FetchError::Status { status: 302, .. })));
    let began = std::time::Instant::now();
    let silent = outbound.get(&format!("https://localhost:{port}/silent"), None).await;
    assert!(matches!(silent, Err(FetchError::TooSlow(_))));
    assert!((4..7).contains(&began.elapsed().as_secs()));
}

#[test]
fn a_file_without_certificates_is_refused() {
    let path = std::env::temp_dir().join(format!("eduai-empty-ca-{}.pem", std::process::id()));
    std::fs::write(&path, "nothing").unwrap();
    let rules = OutboundRules { certificates: Some(path.clone()), ..OutboundRules::default() };
    assert!(Outbound::new(rules).is_err());
    std::fs::remove_file(path).unwrap();
}
