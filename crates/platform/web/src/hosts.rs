//! Whom a request claims to address and where it claims to come from: the guards against DNS rebinding and against
//! other sites that use a visitor's cookie.

use crate::config::WebConfig;
use crate::problem::Problem;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use std::net::IpAddr;

/// The host a request addresses, without its port, in small letters.
fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let given = uri.authority().map(Authority::as_str).or_else(|| headers.get(header::HOST)?.to_str().ok())?;
    let without_user = given.rsplit('@').next().unwrap_or_default();
    let host = match without_user.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => without_user.split(':').next().unwrap_or_default(),
    };
    Some(host.trim_end_matches('.').to_ascii_lowercase())
}

/// Refuses a request that addresses a host that we are not.
pub fn check_host(config: &WebConfig, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let host = host_of(uri, headers);
    if config.allowed_hosts.is_empty() || host.is_some_and(|h| config.allowed_hosts.contains(&h)) {
        return Ok(());
    }
    let detail = "This program does not answer for that host. EDUAI_ALLOWED_HOSTS lists the names that it answers for.";
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", detail).at("Host"))
}

/// Refuses a change that another site asks for in a visitor's browser. Requests from outside of browsers carry no
/// `Origin` and pass: they carry no visitor's cookie either.
pub fn check_origin(config: &WebConfig, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN).filter(|_| !method.is_safe()) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host =
        origin.split_once("://").and_then(|(_, host)| host.parse::<Uri>().ok()).and_then(|u| host_of(&u, headers));
    let own = host.is_some() && host == host_of(uri, headers);
    if own || config.allowed_origins.iter().any(|allowed| allowed == origin) {
        return Ok(());
    }
    let detail = "Another site may not change anything here. EDUAI_ALLOWED_ORIGINS lists the sites that may.";
    Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail).at("Origin"))
}

/// Tells a browser that an allowed origin may read the answer (CORS).
pub fn allow_origin(config: &WebConfig, request: &HeaderMap, answer: &mut HeaderMap) {
    if config.allowed_origins.is_empty() {
        return;
    }
    answer.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = request.get(header::ORIGIN) else { return };
    if !config.allowed_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
        return;
    }
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    if request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        let methods = HeaderValue::from_static("GET, HEAD, POST, PATCH, PUT, DELETE");
        let names = HeaderValue::from_static("authorization, content-type, idempotency-key, if-match, last-event-id");
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        let names = HeaderValue::from_static("etag, location, ratelimit, ratelimit-policy, retry-after, x-request-id");
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address a request comes from. What proxies say is believed only as far as they are trusted: the last address
/// in the chain that is not a trusted proxy's.
pub fn client_address(config: &WebConfig, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut address = peer;
    let chain: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    for hop in chain.into_iter().rev() {
        if !config.trusted_proxies.contains(&address) {
            break;
        }
        let Ok(next) = hop.trim().parse() else { break };
        address = next;
    }
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(HeaderName, &'static str)]) -> HeaderMap {
        list.iter().map(|(n, v)| (n.clone(), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn a_rebound_name_is_refused() {
        let config = WebConfig { allowed_hosts: vec!["localhost".into(), "::1".into()], ..WebConfig::default() };
        let check = |host| check_host(&config, &Uri::from_static("/"), &headers(&[(header::HOST, host)])).is_ok();
        assert!(check("localhost:8080") && check("LOCALHOST") && check("[::1]:8080") && check("localhost."));
        assert!(!check("evil.example") && !check("localhost.evil.example") && !check("evil.example@"));
        assert!(check_host(&config, &Uri::from_static("/"), &HeaderMap::new()).is_err());
    }

    #[test]
    fn another_site_may_look_up_but_not_change() {
        let config = WebConfig { allowed_origins: vec!["https://portal.example".into()], ..WebConfig::default() };
        let check = |method: Method, origin| {
            let headers = headers(&[(header::HOST, "school.example:8080"), (header::ORIGIN, origin)]);
            check_origin(&config, &method, &Uri::from_static("/api/v1/me"), &headers).is_ok()
        };
        assert!(check(Method::POST, "http://school.example:8080"));
        assert!(check(Method::POST, "https://portal.example"));
        assert!(check(Method::GET, "https://evil.example"));
        assert!(!check(Method::POST, "https://evil.example"));
        assert!(!check(Method::POST, "null"));
        assert!(!check(Method::DELETE, "https://school.example.evil.example"));
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        let peer: IpAddr = "203.0.113.9".parse().unwrap();
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let config = WebConfig { trusted_proxies: vec![proxy], ..WebConfig::default() };
        let forged = headers(&[(FORWARDED_FOR, "1.2.3.4, 198.51.100.7")]);
        assert_eq!(client_address(&config, peer, &forged), peer);
        assert_eq!(client_address(&config, proxy, &forged), "198.51.100.7".parse::<IpAddr>().unwrap());
        assert_eq!(client_address(&config, proxy, &headers(&[(FORWARDED_FOR, "nonsense")])), proxy);
    }
}
