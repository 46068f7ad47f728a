//! What was typed after `bench`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::{Size, ViewFormat};

#[derive(Debug, ClapArgs)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
查询从索引自己的文字里按种子抽取，计时之前先逐段扫描核对答案；答案不对就报错，不给数字
查询文件：一行一个查询；可在前面加类别，用制表符隔开
例：zhengsou bench --class phrase-4 --class question --format json > 现在.json
    zhengsou bench --compare 以前.json
    zhengsou bench generate 语料 --bytes 200M
‖
Queries are drawn from the index's own texts by a seed; one scan says what each must find before
anything is timed, and a wrong answer is an error, not a figure
File of queries: one query a line; the name of its class may stand before it, with a tab between
Examples: zhengsou bench --class phrase-4 --class question --format json > now.json
          zhengsou bench --compare before.json
          zhengsou bench generate corpus --bytes 200M"
)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(crate) generate: Option<BenchCommand>,
    /// 用此文件里的查询，不抽取
    /// ‖ Ask the queries of this file instead of drawn ones
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: Option<PathBuf>,
    /// 只测这些类别（可重复；名称见输出）
    /// ‖ Measure these classes only (repeatable; the output names them)
    #[arg(long = "class", value_name = "NAME")]
    pub(crate) classes: Vec<String>,
    /// 每类抽取多少个查询（默认 40）
    /// ‖ Queries to draw for each class (default 40)
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) draw: usize,
    /// 每个查询问几遍，取中位数（默认 7）
    /// ‖ How often each query is asked; its median counts (default 7)
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(crate) rounds: usize,
    /// 抽取所用的种子（默认 1）
    /// ‖ Seed of the draw (default 1)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// 不测重新打开索引后的第一次查询
    /// ‖ Leave out first searches of a newly opened index
    #[arg(long)]
    pub(crate) warm: bool,
    /// 与以前的 JSON 结果比较
    /// ‖ Compare with an earlier result in JSON
    #[arg(long, value_name = "OLD.json")]
    pub(crate) compare: Option<PathBuf>,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// 生成任意大小的语料，用来测量规模
    /// ‖ Make reports in any amount, to measure growth
    Generate(GenerateArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct GenerateArgs {
    /// 写入此文件夹（新建或空的）
    /// ‖ Folder to write to, new or empty
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// 文字的总量，如 20M、1G（默认 20M）
    /// ‖ Amount of text, such as 20M or 1G (default 20M)
    #[arg(long, value_name = "SIZE", default_value = "20M")]
    pub(crate) bytes: Size,
    /// 种子；相同的种子生成相同的文件（默认 1）
    /// ‖ Seed; the same gives the same files (default 1)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}
