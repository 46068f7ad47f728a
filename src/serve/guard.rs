//! Who may ask: hosts, rates, keys and passwords.
//!
//! A password is checked by Argon2, which is slow by intent; one that was right is remembered as a
//! keyed hash, so that only the first request of many waits. Guesses are few for each address and
//! checked one after the other.
//!
//! Invariant: secrets are compared as hashes, in constant time, and are never logged.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use blake3::Hash;

use super::App;
use super::buckets::Buckets;
use super::fault::Fault;
use super::listen::Peer;
use super::options::Options;
use crate::error::{Error, ErrorKind, Result};

/// What opens the server to browsers and programs.
const SCHEMES: &str = "Basic realm=\"zhengsou\", charset=\"UTF-8\", Bearer realm=\"zhengsou\"";
/// Passwords that an address may guess at once, and in a second.
const GUESSES: (f64, f64) = (10.0, 0.1);
/// Longest secret that is looked at, in bytes.
const MAX_SECRET: usize = 1024;

/// Checks who asks.
pub(super) struct Guard {
    hosts: Vec<String>,
    keys: Vec<Hash>,
    metrics_key: Option<Hash>,
    password: Option<String>,
    /// Makes hashes of passwords that mean nothing outside of this process.
    salt: [u8; 32],
    right: Mutex<Option<Hash>>,
    one_by_one: tokio::sync::Semaphore,
    rates: Option<Buckets>,
    guesses: Buckets,
}

impl Guard {
    pub(super) fn new(options: &Options) -> Result<Self> {
        let hash = |text: &String| {
            Hash::from_hex(text.trim()).map_err(|_| {
                Error::new(
                    ErrorKind::Usage,
                    "配置里的密钥须为 64 位十六进制数",
                    "keys in the configuration are hashes of 64 hexadecimal digits",
                )
                .with_hint(
                    "用 zhengsou serve --new-key 生成",
                    "make one with zhengsou serve --new-key",
                )
            })
        };
        if let Some(password) = &options.password {
            PasswordHash::new(password).map_err(|_| {
                Error::new(
                    ErrorKind::Usage,
                    "配置里的 password 须为 argon2 散列值，不是密码本身",
                    "password in the configuration is an argon2 hash, not the password itself",
                )
                .with_hint(
                    "用 zhengsou serve --hash-password 生成",
                    "make one with zhengsou serve --hash-password",
                )
            })?;
        }
        Ok(Guard {
            hosts: options.hosts.clone(),
            keys: options.keys.iter().map(hash).collect::<Result<_>>()?,
            metrics_key: options.metrics_key.as_ref().map(hash).transpose()?,
            password: options.password.clone(),
            salt: random()?,
            right: Mutex::default(),
            one_by_one: tokio::sync::Semaphore::new(1),
            rates: (options.rate > 0)
                .then(|| Buckets::new(options.rate.into(), options.burst.into())),
            guesses: Buckets::new(GUESSES.1, GUESSES.0),
        })
    }

    fn is_guarded(&self) -> bool {
        self.password.is_some() || !self.keys.is_empty()
    }

    /// Without key or password, only pages of this machine may ask: a foreign site that makes its
    /// name resolve to this machine would else read the index through the browser.
    fn is_known_host(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let host = headers.get(header::HOST).map(HeaderValue::to_str);
        let host = match (uri.authority(), host) {
            (Some(authority), _) => authority.as_str(),
            (None, Some(Ok(host))) => host,
            _ => return false,
        };
        let name = name_of(host);
        let is_own = |known: &String| known.eq_ignore_ascii_case(name);
        name.eq_ignore_ascii_case("localhost") || is_loopback(name) || self.hosts.iter().any(is_own)
    }

    /// Returns whether a key is one of ours.
    fn knows_key(&self, key: &str, for_metrics: bool) -> bool {
        let hash = hash_key(key);
        let metrics = self.metrics_key.iter().filter(|_| for_metrics);
        // Every key is compared, each in constant time.
        let keys = self.keys.iter().chain(metrics);
        keys.fold(false, |found, key| found | (*key == hash))
    }

    async fn knows_password(&self, typed: &str, peer: Peer) -> std::result::Result<bool, Fault> {
        let Some(password) = &self.password else {
            return Ok(false);
        };
        let keyed = blake3::keyed_hash(&self.salt, typed.as_bytes());
        let is_remembered = || {
            let right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
            right.is_some_and(|right| right == keyed)
        };
        if is_remembered() {
            return Ok(true);
        }
        let guess = self.guesses.take(peer.0.ip(), Instant::now());
        guess.map_err(Fault::too_many)?;
        let _turn = self.one_by_one.acquire().await;
        if is_remembered() {
            return Ok(true);
        }
        let (password, typed) = (password.clone(), typed.to_owned());
        let checked = tokio::task::spawn_blocking(move || {
            PasswordHash::new(&password).is_ok_and(|hash| {
                let verified = Argon2::default().verify_password(typed.as_bytes(), &hash);
                verified.is_ok()
            })
        });
        let is_right = checked.await.unwrap_or(false);
        if is_right {
            *self.right.lock().unwrap_or_else(PoisonError::into_inner) = Some(keyed);
        }
        Ok(is_right)
    }

    /// Returns whether a request shows what it needs; for its metrics, a key of their own will do.
    async fn admits(
        &self,
        secret: Option<Secret>,
        for_metrics: bool,
        peer: Peer,
    ) -> std::result::Result<bool, Fault> {
        let is_needed = self.is_guarded() || (for_metrics && self.metrics_key.is_some());
        if !is_needed {
            return Ok(true);
        }
        let Some(secret) = secret.filter(|secret| secret.text().len() <= MAX_SECRET) else {
            return Ok(false);
        };
        if self.knows_key(secret.text(), for_metrics) {
            return Ok(true);
        }
        match &secret {
            Secret::Password(typed) => self.knows_password(typed, peer).await,
            Secret::Key(_) => Ok(false),
        }
    }
}

/// What a request shows to be let in.
enum Secret {
    Key(String),
    Password(String),
}

impl Secret {
    fn text(&self) -> &str {
        match self {
            Secret::Key(text) | Secret::Password(text) => text,
        }
    }
}

/// Reads `Authorization` (Bearer or Basic, under any user name) or `X-API-Key`.
fn secret(headers: &HeaderMap) -> Option<Secret> {
    if let Some(key) = headers.get("x-api-key") {
        return Some(Secret::Key(key.to_str().ok()?.to_owned()));
    }
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Secret::Key(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(rest).ok()?).ok()?;
    let (_user, password) = decoded.split_once(':')?;
    Some(Secret::Password(password.to_owned()))
}

/// Returns the name in `name:port` or `[address]:port`.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    }
}

fn is_loopback(name: &str) -> bool {
    name.parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Lets a request pass, or says what it lacks.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let guard = &app.0.guard;
    let path = request.uri().path();
    // Whether it is alive and ready is no secret, and asked for often.
    if path == "/healthz" || path == "/readyz" {
        return next.run(request).await;
    }
    let for_metrics = path == "/metrics";
    let peer = Peer::of(&request);
    if let Some(rates) = &guard.rates
        && let Err(seconds) = rates.take(peer.0.ip(), Instant::now())
    {
        return Fault::too_many(seconds).into_response();
    }
    if !guard.is_guarded() && !guard.is_known_host(request.headers(), request.uri()) {
        return Fault::unknown_host().into_response();
    }
    let secret = secret(request.headers());
    match guard.admits(secret, for_metrics, peer).await {
        Ok(true) => next.run(request).await,
        Ok(false) => {
            let mut response = Fault::unauthorized().into_response();
            let schemes = HeaderValue::from_static(SCHEMES);
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, schemes);
            response
        }
        Err(fault) => fault.into_response(),
    }
}

/// Makes a key and the hash of it that stands in the configuration.
///
/// # Errors
/// If the system gives no random bytes.
pub fn new_key() -> Result<(String, String)> {
    let key = blake3::hash(&random()?).to_hex().to_string();
    let hash = hash_key(&key).to_hex().to_string();
    Ok((key, hash))
}

/// A key holds 256 random bits: nothing is gained by hashing it slowly.
fn hash_key(key: &str) -> Hash {
    blake3::hash(key.as_bytes())
}

/// Makes the Argon2id hash of a password that stands in the configuration.
///
/// # Errors
/// If the password is empty, or the system gives no random bytes.
pub fn hash_password(password: &str) -> Result<String> {
    if password.is_empty() || password.len() > MAX_SECRET {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("密码须有 1 到 {MAX_SECRET} 字节"),
            format!("a password has 1 to {MAX_SECRET} bytes"),
        ));
    }
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|_| no_random())
}

fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| no_random())?;
    Ok(bytes)
}

fn no_random() -> Error {
    Error::new(
        ErrorKind::Internal,
        "系统没有给出随机数",
        "the system gives no random bytes",
    )
}

impl Fault {
    fn too_many(seconds: u32) -> Self {
        let error = Error::new(ErrorKind::Limit, "请求过于频繁", "too many requests").with_hint(
            format!("{seconds} 秒后再试"),
            format!("try again in {seconds} s"),
        );
        Fault {
            status: StatusCode::TOO_MANY_REQUESTS,
            error,
            again_after: Some(seconds),
        }
    }

    fn unauthorized() -> Self {
        let error = Error::new(
            ErrorKind::Usage,
            "需要密码或密钥",
            "a password or key is needed",
        )
        .with_hint(
            "程序请发送 Authorization: Bearer 密钥，浏览器会询问密码（用户名任意）",
            "programs send Authorization: Bearer KEY, browsers ask for the password (any user name)",
        );
        Fault {
            status: StatusCode::UNAUTHORIZED,
            error,
            again_after: None,
        }
    }

    fn unknown_host() -> Self {
        let error = Error::new(
            ErrorKind::Usage,
            "请求头 Host 不是本机的名称",
            "the header Host is not a name of this machine",
        )
        .with_hint(
            "请用 localhost 访问，或把名称写入配置文件的 hosts",
            "use localhost, or put the name in the configuration as hosts",
        );
        Fault {
            status: StatusCode::MISDIRECTED_REQUEST,
            error,
            again_after: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| {
                let name = axum::http::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn secrets() {
        let cases = [
            (("authorization", "Bearer abc"), Some("abc")),
            (("authorization", "bearer  abc "), Some("abc")),
            (("authorization", "Basic dXNlcjpwYTpzcw=="), Some("pa:ss")),
            (("authorization", "Basic ***"), None),
            (("authorization", "Digest abc"), None),
            (("authorization", "Bearer"), None),
            (("x-api-key", "abc"), Some("abc")),
            (("cookie", "abc"), None),
        ];
        for (header, expected) in cases {
            let found = secret(&headers(&[header]));
            assert_eq!(found.as_ref().map(Secret::text), expected, "{header:?}");
        }
    }

    #[test]
    fn hosts() {
        let options = Options {
            hosts: vec!["sou.example".to_owned()],
            ..Options::default()
        };
        let guard = Guard::new(&options).unwrap();
        let cases = [
            ("localhost", true),
            ("LOCALHOST:7373", true),
            ("127.0.0.1:7373", true),
            ("[::1]:7373", true),
            ("sou.example:80", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("10.0.0.1", false),
            ("", false),
        ];
        for (host, expected) in cases {
            let found = guard.is_known_host(&headers(&[("host", host)]), &Uri::from_static("/"));
            assert_eq!(found, expected, "{host}");
        }
        assert!(!guard.is_known_host(&HeaderMap::new(), &Uri::from_static("/")));
    }

    #[test]
    fn keys_and_passwords() {
        let (key, hash) = new_key().unwrap();
        let options = Options {
            keys: vec![hash.clone()],
            ..Options::default()
        };
        let guard = Guard::new(&options).unwrap();
        assert!(guard.knows_key(&key, false));
        assert!(!guard.knows_key(&hash, false));
        assert!(!guard.knows_key("", false));
        assert!(hash_password("").is_err());
        assert!(hash_password("甲乙丙").unwrap().starts_with("$argon2id$"));
        for wrong in ["secret", "", "$argon2id$"] {
            let options = Options {
                password: Some(wrong.to_owned()),
                ..Options::default()
            };
            assert!(Guard::new(&options).is_err(), "{wrong}");
        }
    }
}
