//! What the server is told: where it listens, whom it lets in, what it bounds.
//!
//! Invariant: beyond this machine it does not start without a key or a password.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::error::{Error, ErrorKind, Result};

/// Most bytes of a request's body.
pub(super) const MAX_BODY: usize = 64 << 10;

/// What the server is told; the form of its configuration file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Names under which it may be addressed besides those of this machine, as in `Host`; they
    /// matter only where neither key nor password is asked for.
    pub hosts: Vec<String>,
    /// Hashes of API keys, as [`new_key`](crate::serve::new_key) makes them.
    pub keys: Vec<String>,
    /// Argon2 hash of the password, as [`hash_password`](crate::serve::hash_password) makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Hash of a key that opens `/metrics` and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_key: Option<String>,
    /// PEM file with the certificate and those above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_certificate: Option<PathBuf>,
    /// PEM file with the certificate's private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_key: Option<PathBuf>,
    /// Requests a second that one address may make for long; 0 for any number.
    pub rate: u32,
    /// Requests that one address may make at once.
    pub burst: u32,
    /// Connections at once.
    pub connections: usize,
    /// Connections of one address at once.
    pub connections_per_address: usize,
    /// Searches that run at once; 0 for one a processor.
    pub searches: usize,
    /// Requests that wait for their turn.
    pub waiting: usize,
    /// Exports that run at once.
    pub exports: usize,
    /// Seconds that a request may take; an export, between two pieces that the client takes.
    pub timeout: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: (Ipv4Addr::LOCALHOST, 7373).into(),
            hosts: Vec::new(),
            keys: Vec::new(),
            password: None,
            metrics_key: None,
            tls_certificate: None,
            tls_key: None,
            rate: 50,
            burst: 200,
            connections: 1024,
            connections_per_address: 256,
            searches: 0,
            waiting: 256,
            exports: 2,
            timeout: 30,
        }
    }
}

impl Options {
    /// Reads a configuration file's text and settings that stand above it, `("rate", "10")`; in a
    /// list, commas stand between.
    ///
    /// ```
    /// use zhengsou::serve::Options;
    /// let settings = [("rate".to_owned(), "10".to_owned())];
    /// let options = Options::resolve("rate = 5\ntimeout = 60", settings)?;
    /// assert_eq!((options.rate, options.timeout), (10, 60));
    /// assert!(Options::resolve("colour = 1", []).is_err());
    /// # Ok::<(), zhengsou::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the text is not TOML, or something is named that there is not or has not this form.
    pub fn resolve(
        file: &str,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        let mut table: Table = toml::from_str(file).map_err(invalid)?;
        let defaults = Table::try_from(Options::default()).map_err(internal)?;
        for (name, text) in settings {
            let value = match defaults.get(&name) {
                Some(Value::Integer(_)) => text.parse().map_or(Value::String(text), Value::Integer),
                Some(Value::Array(_)) => {
                    let parts = text
                        .split(',')
                        .map(str::trim)
                        .filter(|part| !part.is_empty());
                    Value::Array(parts.map(|part| Value::String(part.to_owned())).collect())
                }
                _ => Value::String(text),
            };
            table.insert(name, value);
        }
        table.try_into().map_err(invalid)
    }

    /// Writes it as a configuration file.
    ///
    /// # Errors
    /// If it cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(internal)
    }

    /// Returns whether a key or password is asked for.
    pub fn is_guarded(&self) -> bool {
        self.password.is_some() || !self.keys.is_empty()
    }

    /// Refuses what contradicts itself or would let anybody in.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`], with what to do.
    pub fn check(&self) -> Result<()> {
        if !self.listen.ip().is_loopback() && !self.is_guarded() {
            let address = self.listen;
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{address} 可从其他机器访问，须先设密码或密钥"),
                format!("other machines can reach {address}: a password or key is needed first"),
            )
            .with_hint(
                "用 zhengsou serve --hash-password 或 --new-key 生成，写入配置文件的 password 或 keys；只在本机使用请监听 127.0.0.1",
                "make one with zhengsou serve --hash-password or --new-key and put it in the configuration as password or keys; listen on 127.0.0.1 for this machine only",
            ));
        }
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return Err(Error::new(
                ErrorKind::Usage,
                "tls_certificate 与 tls_key 须同时给出",
                "tls_certificate and tls_key are given together",
            ));
        }
        if self.connections == 0 || self.connections_per_address == 0 || self.timeout == 0 {
            return Err(Error::new(
                ErrorKind::Usage,
                "connections、connections_per_address 与 timeout 不能为 0",
                "connections, connections_per_address and timeout must not be 0",
            ));
        }
        Ok(())
    }
}

fn invalid(cause: toml::de::Error) -> Error {
    // The parser names the setting and what it may be; its words are English.
    let reason = cause.message().to_owned();
    Error::new(
        ErrorKind::Usage,
        format!("服务配置有误：{reason}"),
        format!("the configuration is not valid: {reason}"),
    )
    .with_hint(
        "用 zhengsou serve --print-config 查看全部设置",
        "zhengsou serve --print-config shows every setting",
    )
    .with_cause(cause)
}

fn internal(cause: toml::ser::Error) -> Error {
    Error::new(
        ErrorKind::Internal,
        "配置无法写成 TOML",
        "the configuration cannot be written as TOML",
    )
    .with_cause(cause)
}
