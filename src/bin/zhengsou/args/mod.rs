//! What was typed: commands and options as clap reads them.
//!
//! Each help text holds both languages, `中文 ‖ English`; see [`language`](crate::language).

mod analysis;
mod bench;
mod counting;
mod eval;
mod inspect;
mod output;
mod search;
mod serve;
mod size;
mod wording;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use zhengsou::read::Columns;

pub(crate) use analysis::{
    AnsweredChoice, AssociationChoice, CollocatesArgs, CompareArgs, FateChoice, FirstUseArgs,
    FollowUpArgs, FormulaChoice, FormulasArgs, KeynessArgs, KeynessChoice,
};
pub(crate) use bench::{BenchArgs, BenchCommand, GenerateArgs};
pub(crate) use counting::{
    CopiesChoice, CountArgs, KwicArgs, KwicOrder, LayoutChoice, MeasureChoice, RateChoice,
    TermArgs, TrendArgs, YearChoice,
};
pub(crate) use eval::EvalArgs;
pub(crate) use inspect::{FileArgs, Stage};
pub(crate) use output::{AnswerFormat, OutputArgs};
pub(crate) use search::{FilterArgs, Group, Mode, Order, SearchArgs};
pub(crate) use serve::{LogFormat, ServeArgs};
pub(crate) use size::Size;
pub(crate) use wording::{By, RelatedArgs, SimilarArgs};

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
    /// 查找一段话在哪些报告里说过，逐字标出差异
    /// ‖ Find where a wording stands, with every difference
    Similar(SimilarArgs),
    /// 与查询相关的词：在结果中比在全库更常见
    /// ‖ Terms that go with a query: commoner in its matches than elsewhere
    Related(RelatedArgs),
    /// 数词：次数、段、报告、每万字，按年份、地区、部门等分组
    /// ‖ Count words: occurrences, passages, reports, per 10,000 characters, by year, region, agency …
    Count(CountArgs),
    /// 词语逐年的走势，可画成图
    /// ‖ Words through the years, drawn as a chart if asked for
    Trend(TrendArgs),
    /// 逐处列出词语的上下文
    /// ‖ Words in their context, one line an occurrence
    Kwic(KwicArgs),
    /// 与一个词搭配的词：在它左右比偶然更常出现
    /// ‖ Words that stand near a word more often than by chance
    Collocates(CollocatesArgs),
    /// 一部分报告的特征词：比另一部分更常用
    /// ‖ Key words of a slice: commoner in it than in another
    Keyness(KeynessArgs),
    /// 反复出现的固定说法
    /// ‖ Set phrases: strings that recur
    Formulas(FormulasArgs),
    /// 一个说法最早见于哪年、哪份报告
    /// ‖ The first year and report in which a phrase stands
    FirstUse(FirstUseArgs),
    /// 逐段比较两份报告或两年：保留、改写、新增、删去
    /// ‖ Two reports or years passage by passage: kept, reworded, new, dropped
    Compare(CompareArgs),
    /// 计划落实：一年的工作计划对照后来的工作总结
    /// ‖ Plans of a year against what was said of them later
    FollowUp(FollowUpArgs),
    /// 查看一段及其上下文，或一份报告
    /// ‖ Show a passage in its context, or a report
    Show(ShowArgs),
    /// 导出符合筛选的全部段落
    /// ‖ Export every passage that the filters keep
    Export(ExportArgs),
    /// 用评判过的查询衡量检索质量
    /// ‖ Measure how good the answers to judged queries are
    Eval(EvalArgs),
    /// 测量各类查询的速度
    /// ‖ Measure how fast each kind of query is answered
    Bench(BenchArgs),
    /// 逐个环节查看如何处理，不需要索引
    /// ‖ Watch one stage at work, without an index
    #[command(subcommand)]
    Inspect(Stage),
    /// 索引概况
    /// ‖ Numbers about the index
    Stats(StatsArgs),
    /// 从索引中移除文件、文件夹或报告
    /// ‖ Take files, folders or reports out of the index
    Delete(DeleteArgs),
    /// 检查索引是否完好，坏了指出坏在哪个文件
    /// ‖ Check whether the index is sound; if not, say which file is damaged
    Verify(VerifyArgs),
    /// 合并索引分段，清除已删除的段落
    /// ‖ Merge the index's segments and clear away what was deleted
    Optimize(OptimizeArgs),
    /// 网页与接口服务
    /// ‖ Serve the web page and the HTTP API
    Serve(ServeArgs),
    /// 供智能助手使用的 MCP 服务（标准输入输出；HTTP 见 serve 的 /mcp）
    /// ‖ Tools for assistants by MCP on stdin and stdout (over HTTP: /mcp of serve)
    Mcp,
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
    /// 要索引的文件、文件夹或压缩包
    /// ‖ Files, folders and archives to index
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// 线程数（默认用全部处理器）
    /// ‖ Number of threads (default: every processor)
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
    /// 读取与写入所用的内存，如 512M、2G（默认 256M；程序本身与词典另需约 150M；更大的文件单独处理）
    /// ‖ Memory for reading and writing, such as 512M or 2G (default 256M; the program and its
    /// dictionary take about 150M more; a bigger file is worked on alone)
    #[arg(long, value_name = "SIZE", default_value = "0")]
    pub(crate) memory: Size,
    /// 单个文件（或解压后）的大小上限，0 为不限（默认 256M；JSONL 为单条记录的上限）
    /// ‖ Most that a file may hold or unpack to, 0 for any size (default 256M; in JSONL: a record)
    #[arg(long, value_name = "SIZE", default_value = "256M")]
    pub(crate) max_file_size: Size,
    /// 单个文件的处理时限，0 为不限（默认 120 秒；JSONL 为单条记录的时限）
    /// ‖ Most seconds that a file may take, 0 for any time (default 120; in JSONL: a record)
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) file_timeout: u64,
    #[command(flatten)]
    pub(crate) columns: ColumnArgs,
    /// 移除所给路径下已不在磁盘上的文件
    /// ‖ Take out what lay below the given paths and is gone from the disk
    #[arg(long)]
    pub(crate) prune: bool,
    /// 重试上次跳过或失败的文件
    /// ‖ Try files again that were skipped or failed before
    #[arg(long)]
    pub(crate) retry: bool,
    /// 丢掉旧索引重新建立
    /// ‖ Throw the old index away and build a new one
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// 只读文件、报告结果，不写索引
    /// ‖ Read and report, but write no index
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// 把每个文件的处理结果写入此文件（JSONL，一行一个文件，按出处排序）
    /// ‖ Write what became of each file here (JSONL, one object a file, sorted by source)
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// What the columns of tables hold.
#[derive(Debug, ClapArgs)]
pub(crate) struct ColumnArgs {
    /// 表格（CSV、Excel）各列的内容，以此为准而不看表头：列名=字段[,列名=字段…]（字段 text title agency region year 等；可重复）
    /// ‖ What the columns of tables (CSV, Excel) hold, over their headers: NAME=FIELD[,NAME=FIELD…]
    /// (fields text title agency region year and others; repeatable)
    #[arg(long, value_name = "NAME=FIELD")]
    pub(crate) map: Vec<String>,
}

impl ColumnArgs {
    /// Returns what was typed; `None` for nothing.
    pub(crate) fn columns(&self) -> zhengsou::Result<Option<Columns>> {
        match self.map.is_empty() {
            true => Ok(None),
            false => Columns::parse(&self.map.join(",")).map(Some),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    Jsonl,
    Csv,
    Xlsx,
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
    /// 输出格式：jsonl、csv 或 xlsx
    /// ‖ Output format: jsonl, csv or xlsx
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    pub(crate) format: RowFormat,
    /// 加上每段的分词结果，与索引和词数统计所用的相同
    /// ‖ Add each passage's words, as the index and the counts of words have them
    #[arg(long)]
    pub(crate) words: bool,
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

#[derive(Debug, ClapArgs)]
pub(crate) struct StatsArgs {
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "例：zhengsou delete 报告/旧/ '报告/*草稿*' --dry-run \
    ‖ Example: zhengsou delete reports/old/ 'reports/*draft*' --dry-run")]
pub(crate) struct DeleteArgs {
    /// 文件的出处、文件夹、含 * 或 ? 的样式，或报告编号
    /// ‖ Files as cited, folders, patterns with * or ?, or ids of reports
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// 只列出会移除什么，不改索引
    /// ‖ Only list what would go, leave the index as it is
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// 逐段重新分析并与索引对照，重读原文件看有无改动
    /// ‖ Analyse every passage again and compare it with the index; read the source files again
    #[arg(long)]
    pub(crate) deep: bool,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OptimizeArgs {
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
