//! `serve`: the HTTP API, the web page and the tools for assistants.

use std::io::Write;

use anyhow::Context;
use zhengsou::serve::{self, Options};
use zhengsou::{Error, ErrorKind, say};

use super::{ExitStatus, Outcome};
use crate::args::{LogFormat, ServeArgs};
use crate::output::{self, message};
use crate::settings::Settings;

/// How the names of environment variables with settings begin.
const PREFIX: &str = "ZHENGSOU_SERVE_";

/// Serves until it is stopped, or prints what the configuration needs.
pub(super) fn run(args: &ServeArgs, settings: &Settings) -> Outcome {
    if args.hash_password {
        return hash_password();
    }
    if args.new_key {
        return new_key();
    }
    let options = options(args, settings)?;
    if args.print_config {
        let mut out = output::stdout();
        out.write_all(options.to_toml()?.as_bytes())?;
        out.flush()?;
        return Ok(ExitStatus::Done);
    }
    options.check()?;
    let engine = settings.engine()?;
    serve::log_to_stderr(
        args.log == LogFormat::Json,
        settings.verbose,
        settings.quiet,
    );
    let scheme = match options.tls_certificate {
        Some(_) => "https",
        None => "http",
    };
    let is_open = !options.listen.ip().is_loopback() && options.tls_certificate.is_none();
    serve::run(options, engine, |address| {
        if settings.quiet {
            return;
        }
        let address = match address.ip().is_unspecified() {
            // A browser needs a name; which one others know this machine by is theirs to say.
            true => {
                let name = settings
                    .language
                    .pick("本机名称或地址", "NAME-OF-THIS-MACHINE");
                format!("{name}:{}", address.port())
            }
            false => address.to_string(),
        };
        message(&say!(
            settings.language,
            "请用浏览器打开 {scheme}://{address}/ ，按 Ctrl-C 结束",
            "open {scheme}://{address}/ in a browser; Ctrl-C ends it"
        ));
        if is_open {
            message(settings.language.pick(
                "注意：没有 TLS，密码与密钥以明文经过网络；请设 tls_certificate 与 tls_key，或放在有 TLS 的代理之后",
                "note: without TLS, passwords and keys cross the network in the clear; set tls_certificate and tls_key, or put a proxy with TLS before it",
            ));
        }
    })?;
    Ok(ExitStatus::Done)
}

/// Resolves file, environment and flags.
fn options(args: &ServeArgs, settings: &Settings) -> anyhow::Result<Options> {
    let file = match &args.config {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Error::io(path, error))
            .context(
                settings
                    .language
                    .pick("无法读取配置文件", "cannot read the configuration"),
            )?,
        None => String::new(),
    };
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.strip_prefix(PREFIX)?.to_ascii_lowercase();
        Some((name, value.to_str()?.to_owned()))
    });
    let mut given: Vec<(String, String)> = variables.collect();
    for set in &args.set {
        let (name, value) = set.split_once('=').ok_or_else(|| unset(set))?;
        given.push((name.trim().replace('-', "_"), value.to_owned()));
    }
    let listen = args.listen.iter();
    given.extend(listen.map(|listen| ("listen".to_owned(), listen.clone())));
    Ok(Options::resolve(&file, given)?)
}

fn unset(set: &str) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("--set 的写法是 名称=值，不是“{set}”"),
        format!("--set takes NAME=VALUE, not '{set}'"),
    )
}

fn hash_password() -> Outcome {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .map_err(|error| Error::io("stdin", error))?;
    let hash = serve::hash_password(password.trim_end_matches(['\r', '\n']))?;
    let mut out = output::stdout();
    writeln!(out, "password = '{hash}'")?;
    out.flush()?;
    Ok(ExitStatus::Done)
}

fn new_key() -> Outcome {
    let (key, hash) = serve::new_key()?;
    let mut out = output::stdout();
    writeln!(out, "# Authorization: Bearer {key}\nkeys = ['{hash}']")?;
    out.flush()?;
    Ok(ExitStatus::Done)
}
