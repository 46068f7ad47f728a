//! What was typed after `serve`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
设置依次取自默认值、配置文件、环境变量 ZHENGSOU_SERVE_名称、--set；从其他机器访问须先设密码或密钥
例：zhengsou serve --listen 127.0.0.1:8080
    zhengsou serve --hash-password < 密码文件
    zhengsou serve --config 服务.toml --set rate=20
‖
Settings come from defaults, the file, environment variables ZHENGSOU_SERVE_NAME and --set, the last one counts; other machines get in with a password or key only
Examples: zhengsou serve --listen 127.0.0.1:8080
          zhengsou serve --hash-password < password.txt
          zhengsou serve --config serve.toml --set rate=20")]
pub(crate) struct ServeArgs {
    /// 监听的地址与端口（默认 127.0.0.1:7373，只有本机能访问）
    /// ‖ Address and port to listen on (default 127.0.0.1:7373, for this machine only)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// 配置文件（TOML；环境变量 ZHENGSOU_CONFIG）
    /// ‖ Configuration file (TOML; environment ZHENGSOU_CONFIG)
    #[arg(long, value_name = "FILE", env = "ZHENGSOU_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// 设置一项：名称=值（可重复）
    /// ‖ One setting: NAME=VALUE (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// 日志写成 text 或 json（默认 text）
    /// ‖ Logs as text or json (default text)
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) log: LogFormat,
    /// 输出生效的全部设置，不启动
    /// ‖ Print the settings that hold, and do not serve
    #[arg(long)]
    pub(crate) print_config: bool,
    /// 从标准输入读密码，输出写入配置文件的散列值
    /// ‖ Read a password from stdin and print its hash for the configuration
    #[arg(long, conflicts_with_all = ["print_config", "new_key"])]
    pub(crate) hash_password: bool,
    /// 生成密钥，输出密钥及写入配置文件的散列值
    /// ‖ Make a key and print it with its hash for the configuration
    #[arg(long, conflicts_with = "print_config")]
    pub(crate) new_key: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}
