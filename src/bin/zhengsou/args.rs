//! What was typed: commands and options as clap reads them.
//!
//! Each help text holds both languages, `中文 ‖ English`; see [`language`](crate::language).

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// 政搜：政府工作报告全文检索，每一段都有出处
/// ‖ Full-text search for Chinese government work reports, every passage with its source
#[derive(Debug, Parser)]
#[command(name = "zhengsou", version)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "global")]
pub(crate) struct GlobalArgs {
    /// 索引所在的文件夹（环境变量 ZHENGSOU_INDEX；默认 ./.zhengsou）
    /// ‖ Folder of the index (environment ZHENGSOU_INDEX; default ./.zhengsou)
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "ZHENGSOU_INDEX",
        default_value = ".zhengsou"
    )]
    pub(crate) index: PathBuf,
    /// 用此文件夹里的规则与词表代替内置的
    /// ‖ Rules and word lists to use in place of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) schema: Option<PathBuf>,
    /// 提示语言：zh 或 en（环境变量 ZHENGSOU_LANG）
    /// ‖ Language of messages: zh or en (environment ZHENGSOU_LANG)
    // Already read by `language::choose`; declared here for checking and help.
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<Lang>,
    /// 颜色：auto、always 或 never
    /// ‖ Colours: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// 只报告错误
    /// ‖ Report errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// 多说一些：错误的原因，每个文件的警告
    /// ‖ Say more: causes of errors, warnings of each file
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 建立或更新索引
    /// ‖ Build or update the index
    Index(IndexArgs),
    /// 检索段落
    /// ‖ Search for passages
    Search(SearchArgs),
    /// 查看一段及其上下文，或一份报告
    /// ‖ Show a passage in its context, or a report
    Show(ShowArgs),
    /// 导出符合筛选的全部段落
    /// ‖ Export every passage that the filters keep
    Export(ExportArgs),
    /// 逐个环节查看如何处理，不需要索引
    /// ‖ Watch one stage at work, without an index
    #[command(subcommand)]
    Inspect(Stage),
    /// 索引概况
    /// ‖ Numbers about the index
    Stats(StatsArgs),
    /// 用自带的样例试一试
    /// ‖ Try it on the samples that come with it
    Demo(DemoArgs),
    /// 输出 shell 补全脚本
    /// ‖ Print a shell completion script
    Completions(CompletionsArgs),
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "例：zhengsou index 报告/ --report 明细.jsonl \
    ‖ Example: zhengsou index reports/ --report details.jsonl")]
pub(crate) struct IndexArgs {
    /// 要索引的文件或文件夹
    /// ‖ Files and folders to index
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// 线程数（默认用全部处理器）
    /// ‖ Number of threads (default: every processor)
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
    /// 丢掉旧索引重新建立
    /// ‖ Throw the old index away and build a new one
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// 只读文件、报告结果，不写索引
    /// ‖ Read and report, but write no index
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// 把每个文件的处理结果写入此文件（JSONL，一行一个文件）
    /// ‖ Write what became of each file here (JSONL, one object a file)
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// Facet filters, as `search` and `export` take them.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "filters")]
pub(crate) struct FilterArgs {
    /// 部门，简称亦可：卫健委
    /// ‖ Agency; short names will do: 卫健委
    #[arg(long, value_name = "NAME")]
    pub(crate) agency: Vec<String>,
    /// 系统：卫生健康
    /// ‖ Policy field: 卫生健康
    #[arg(long, value_name = "NAME")]
    pub(crate) system: Vec<String>,
    /// 层级：国家 省 市 县 乡
    /// ‖ Level: 国家 省 市 县 乡
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Vec<String>,
    /// 地区，含其下辖：江苏省、江苏省/南京市
    /// ‖ Region with all below it: 江苏省, 江苏省/南京市
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// 所述年份：2023、2019..2023、>=2020
    /// ‖ Year spoken of: 2023, 2019..2023, >=2020
    #[arg(long, value_name = "YEARS")]
    pub(crate) year: Vec<String>,
    /// 报告年度，写法同上
    /// ‖ Year of the report, written likewise
    #[arg(long, value_name = "YEARS")]
    pub(crate) report_year: Vec<String>,
    /// 部分：工作总结、工作计划、存在问题……
    /// ‖ Kind of section: 工作总结, 工作计划, 存在问题 …
    #[arg(long, value_name = "KIND")]
    pub(crate) section: Vec<String>,
    /// 文种：政府工作报告、工作总结和计划
    /// ‖ Kind of report: 政府工作报告, 工作总结和计划
    #[arg(long, value_name = "KIND")]
    pub(crate) report_kind: Vec<String>,
    /// 文件或文件夹，可用 *
    /// ‖ File or folder; * is allowed
    #[arg(long, value_name = "PATH")]
    pub(crate) source: Vec<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
查询：空格隔开的词都要出现；“…” 逐字；AND OR NOT 或 与 或 非；(…)；title:词；年份：2019..2023
计数方面：agency system level region year report_year section_kind report_kind source，或部门、年份等中文名
例：zhengsou search '乡村振兴 NOT 教育' --agency 卫健委 --year 2023 --facets region,year
以 - 开头的查询前先写 --：zhengsou search -- -40.6%
‖
Query: words apart must all occur; “…” verbatim; AND OR NOT; (…); title:WORD; year:2019..2023
Facets: agency system level region year report_year section_kind report_kind source
Example: zhengsou search '乡村振兴 NOT 教育' --agency 卫健委 --year 2023 --facets region,year
Write -- before a query that begins with -: zhengsou search -- -40.6%")]
pub(crate) struct SearchArgs {
    /// 查询；不写则列出符合筛选的全部段落
    /// ‖ The query; without it, every passage that the filters keep
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// 匹配方式：auto、verbatim（逐字）或 words（按词）
    /// ‖ How to match: auto, verbatim or words
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub(crate) mode: Mode,
    /// 大部分词出现即可
    /// ‖ Most of the words are enough
    #[arg(long)]
    pub(crate) any: bool,
    /// 次序：relevance、year 或 -year（新的在前）
    /// ‖ Order: relevance, year or -year (latest first)
    #[arg(
        long,
        value_name = "ORDER",
        default_value = "relevance",
        allow_hyphen_values = true
    )]
    pub(crate) sort: Order,
    /// 最多列出多少条（默认 10）
    /// ‖ At most so many hits (default 10)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// 跳过前多少条
    /// ‖ Hits to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// 不限条数，全部列出
    /// ‖ Every hit, without limit
    #[arg(long, conflicts_with_all = ["limit", "offset", "group", "facets"])]
    pub(crate) all: bool,
    /// 每份报告（report）只列最好的一段
    /// ‖ Only the best passage of each report
    #[arg(long, value_name = "BY")]
    pub(crate) group: Option<Group>,
    /// 按这些方面计数，逗号隔开：agency,year（全部见下）
    /// ‖ Count by these, with commas between: agency,year (see below for all)
    #[arg(long, value_name = "LIST")]
    pub(crate) facets: Vec<String>,
    /// 相近表述分别列出，不合并
    /// ‖ List nearly the same wordings one by one
    #[arg(long)]
    pub(crate) no_fold: bool,
    /// 说明每条的得分
    /// ‖ Explain each score
    #[arg(long)]
    pub(crate) explain: bool,
    /// 摘录的字数，0 为整段（默认 120）
    /// ‖ Length of snippets in characters, 0 for the whole passage (default 120)
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub(crate) snippet: usize,
    /// 输出格式：text、json、jsonl 或 csv
    /// ‖ Output format: text, json, jsonl or csv
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: AnswerFormat,
    /// CSV 前加字节序标记，便于用 Excel 打开
    /// ‖ Begin CSV with a byte order mark, for Excel
    #[arg(long)]
    pub(crate) bom: bool,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Auto,
    Verbatim,
    Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    Relevance,
    Year,
    #[value(name = "-year")]
    LatestYear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    Text,
    Json,
    Jsonl,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    Jsonl,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ViewFormat {
    Text,
    Json,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ShowArgs {
    /// 段落或报告的编号（16 位十六进制数）
    /// ‖ Id of a passage or a report (16 hexadecimal digits)
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// 前后各显示几段（默认 1）
    /// ‖ Neighbours to show on each side (default 1)
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        conflicts_with_all = ["outline", "full"]
    )]
    pub(crate) around: usize,
    /// 所在报告的提纲（报告编号默认如此）
    /// ‖ The outline of its report (the default for a report)
    #[arg(long, conflicts_with = "full")]
    pub(crate) outline: bool,
    /// 所在报告的全文
    /// ‖ The whole of its report
    #[arg(long)]
    pub(crate) full: bool,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExportArgs {
    /// 输出格式：jsonl 或 csv
    /// ‖ Output format: jsonl or csv
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    pub(crate) format: RowFormat,
    /// CSV 前加字节序标记，便于用 Excel 打开
    /// ‖ Begin CSV with a byte order mark, for Excel
    #[arg(long)]
    pub(crate) bom: bool,
    /// 写入此文件，不写到标准输出
    /// ‖ Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

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

#[derive(Debug, ClapArgs)]
pub(crate) struct StatsArgs {
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    /// 索引放在哪里（默认放在临时文件夹）
    /// ‖ Where to put the index (default: the folder for temporary files)
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// bash、zsh、fish、elvish 或 powershell
    /// ‖ bash, zsh, fish, elvish or powershell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}
