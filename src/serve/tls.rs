//! PEM files → TLS by rustls, with ring as its cryptography.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::options::Options;
use crate::error::{Error, ErrorKind, Result};

/// Reads the files that the options name; `None` if they name none.
pub(super) fn acceptor(options: &Options) -> Result<Option<TlsAcceptor>> {
    let (Some(certificate), Some(key)) = (&options.tls_certificate, &options.tls_key) else {
        return Ok(None);
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|cause| unreadable(certificate).with_cause(cause))?;
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|cause| unreadable(key).with_cause(cause))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|cause| unreadable(certificate).with_cause(cause))?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|cause| unreadable(certificate).with_cause(cause))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn unreadable(path: &Path) -> Error {
    Error::new(
        ErrorKind::Usage,
        "证书或私钥无法使用",
        "the certificate or key cannot be used",
    )
    .with_path(path)
    .with_hint(
        "须为 PEM 文件，证书在前、上级证书在后，私钥与证书相配",
        "they are PEM files, the certificate before those above it, with the key that belongs to it",
    )
}
