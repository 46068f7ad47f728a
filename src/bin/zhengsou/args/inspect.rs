//! What was typed after `inspect`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::{ColumnArgs, Mode, ViewFormat};

/// The stages that `inspect` watches.
#[derive(Debug, Subcommand)]
pub(crate) enum Stage {
    /// 文件读出的文字与标记
    /// ‖ The text and markup that a file is read as
    Text(FileArgs),
    /// 报告的提纲
    /// ‖ The outline of each report
    Outline(FileArgs),
    /// 段落，以及略去的文字
    /// ‖ Passages, and text that was left out
    Passages(FileArgs),
    /// 报告的标签及其依据
    /// ‖ The tags of each report, and what they were read from
    Tags(FileArgs),
    /// 文字如何归一与切分
    /// ‖ How a text is folded and cut
    Tokens(TextArgs),
    /// 查询读作什么
    /// ‖ How a query is read
    Query(TextArgs),
    /// 查询要匹配什么
    /// ‖ What a query matches
    Plan(PlanArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FileArgs {
    /// 文件；- 为标准输入
    /// ‖ The file; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) columns: ColumnArgs,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TextArgs {
    /// 文字；- 为标准输入
    /// ‖ The text; - for standard input
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) text: TextArgs,
    /// 匹配方式：auto、verbatim（逐字）或 words（按词）
    /// ‖ How to match: auto, verbatim or words
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub(crate) mode: Mode,
    /// 大部分词出现即可
    /// ‖ Most of the words are enough
    #[arg(long)]
    pub(crate) any: bool,
}
