//! What was typed after `serve`.

use std::net::SocketAddr;

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = "例：zhengsou serve --listen 127.0.0.1:8080 \
    ‖ Example: zhengsou serve --listen 127.0.0.1:8080")]
pub(crate) struct ServeArgs {
    /// 监听的地址与端口（默认 127.0.0.1:7373，只有本机能访问）
    /// ‖ Address and port to listen on (default 127.0.0.1:7373, for this machine only)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
}
