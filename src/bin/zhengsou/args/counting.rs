//! What was typed after `count`, `trend` and `kwic`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::output::OutputArgs;
use super::search::FilterArgs;

/// The concepts, and how passages count: what the three commands share.
#[derive(Debug, ClapArgs)]
pub(crate) struct TermArgs {
    /// 要数的词，各算一个概念；可写作 名称: 词1|词2|-排除词
    /// ‖ Words to count, each a concept; also NAME: WORD|WORD|-EXCEPTION
    #[arg(value_name = "TERM", required_unless_present = "terms")]
    pub(crate) words: Vec<String>,
    /// 词表文件：每行一个概念 名称: 词1|词2|-排除词，# 起头的行是注释
    /// ‖ File of a word list, a concept a line: NAME: WORD|WORD|-EXCEPTION; lines with # are comments
    #[arg(long, value_name = "FILE")]
    pub(crate) terms: Option<PathBuf>,
    /// 相近段落：each（每段都计，默认）或 once（每组只计最早的一段，分母同样）
    /// ‖ Near copies: each (all count, the default) or once (of each group the earliest, in
    /// denominators as well)
    #[arg(long, value_name = "HOW", default_value = "each")]
    pub(crate) copies: CopiesChoice,
    /// 写进出处的日期，如 2026-11-27（默认是索引最后一次改动的日期）
    /// ‖ Date to name as that of the data, such as 2026-11-27 (default: of the index's last change)
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
数的是折叠后逐字出现、互不重叠的次数（全半角、大小写、繁简、还原的 D 建等视为相同）；只数段落正文，
标题不计；同义词不自动计入，请写进词表。分母：字不计标点，词按所示分词。没有文本的格是缺失，不是 0。
例：zhengsou count 乡村振兴 共同富裕 --by year
    zhengsou count --terms 环境.txt --by province,report_year --level 省 --layout wide --format csv
    zhengsou count '党组: 党组|-党组织' --by year,section --layout cross
‖
What counts are occurrences as they stand after folding (width, case, traditional forms, restored
redactions) that do not overlap, in the text of passages; headings do not count, nor do synonyms
unless they stand in the list. Denominators: characters without punctuation; words as cut by the
segmenter that is named. A cell without text is missing, not 0.
Example: zhengsou count 乡村振兴 共同富裕 --by year
         zhengsou count --terms environment.txt --by province,report_year --level 省 --layout wide --format csv
         zhengsou count '党组: 党组|-党组织' --by year,section --layout cross")]
pub(crate) struct CountArgs {
    #[command(flatten)]
    pub(crate) terms: TermArgs,
    /// 按一个或两个方面分组，逗号隔开：year report_year province city county region agency system level
    /// section report_kind source
    /// ‖ Group by one or two, with a comma between: year report_year province city county region
    /// agency system level section report_kind source
    #[arg(long, value_name = "LIST")]
    pub(crate) by: Vec<String>,
    /// 表的样子：long（每个概念每组一行，默认）、wide（每组一行，每个概念一列）或 cross（第二个方面横排）
    /// ‖ Shape of the table: long (a row for each concept and group, the default), wide (a row for
    /// each group, a column for each concept) or cross (the second facet across)
    #[arg(long, value_name = "SHAPE", default_value = "long")]
    pub(crate) layout: LayoutChoice,
    /// wide 与 cross 的格里是什么：occurrences（默认）、passages、reports、per-10k（每万字）、per-10k-words 或
    /// per-report
    /// ‖ What the cells of wide and cross hold: occurrences (the default), passages, reports, per-10k
    /// (characters), per-10k-words or per-report
    #[arg(long, value_name = "MEASURE", default_value = "occurrences")]
    pub(crate) measure: MeasureChoice,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
区间为 95%：次数用泊松分布（Byar 近似，Breslow 与 Day 1987），提及的报告用 Wilson（1927）。
移动平均以当年为中心，取各年比率的平均，缺文本的年份不计。
例：zhengsou trend 乡村振兴 --by report_year --chart 趋势.svg --chart 趋势.png
    zhengsou trend --terms 环境.txt --level 省 --smooth 3 --format csv
‖
Intervals are of 95 %: Poisson's for occurrences (Byar's approximation, Breslow and Day 1987),
Wilson's for reports that name it (1927). The moving average is the mean of the yearly rates around
a year, years without text left out.
Example: zhengsou trend 乡村振兴 --by report_year --chart trend.svg --chart trend.png
         zhengsou trend --terms environment.txt --level 省 --smooth 3 --format csv")]
pub(crate) struct TrendArgs {
    #[command(flatten)]
    pub(crate) terms: TermArgs,
    /// 按 year（段落所述年份，默认）还是 report_year（报告年度）
    /// ‖ By year (that a passage speaks of, the default) or report_year
    #[arg(long, value_name = "YEAR", default_value = "year")]
    pub(crate) by: YearChoice,
    /// 画什么：per-10k（每万字次数，默认）、per-report（每份报告次数）、report-share（提及的报告占比）或
    /// occurrences
    /// ‖ What is drawn: per-10k (occurrences per 10,000 characters, the default), per-report,
    /// report-share (per cent of reports that name it) or occurrences
    #[arg(long, value_name = "MEASURE", default_value = "per-10k")]
    pub(crate) measure: RateChoice,
    /// 移动平均的年数，奇数
    /// ‖ Years of a moving average, an odd number
    #[arg(long, value_name = "YEARS", default_value_t = 0)]
    pub(crate) smooth: usize,
    /// 给出 95% 置信区间
    /// ‖ Give confidence intervals of 95 %
    #[arg(long)]
    pub(crate) band: bool,
    /// 画成图写入此文件，.svg 或 .png（可重复），旁边写一份同名 .csv 数据；图里自带汉字字形
    /// ‖ Draw a chart to this file, .svg or .png (repeatable), with its data beside it as .csv;
    /// Chinese needs no fonts installed
    #[arg(long, value_name = "FILE")]
    pub(crate) chart: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
列出的就是 count 所数的。抽样只取决于种子与段落，不取决于文件次序。
例：zhengsou kwic 放管服 --sort right --year 2019.. -n 30
    zhengsou kwic 数字经济 --sample 200 --seed 7 --format xlsx -o 数字经济.xlsx
‖
What is listed is what count counts. A sample hangs on the seed and the passages, not on the order of
files.
Example: zhengsou kwic 放管服 --sort right --year 2019.. -n 30
         zhengsou kwic 数字经济 --sample 200 --seed 7 --format xlsx -o lines.xlsx")]
pub(crate) struct KwicArgs {
    #[command(flatten)]
    pub(crate) terms: TermArgs,
    /// 左右各多少字（默认 20）；屏幕放不下时再截短
    /// ‖ Characters of context on each side (default 20); cut further where the screen is narrow
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) width: usize,
    /// 次序：place（文件与位置，默认）、left（左文，由近及远）、right（右文）、year 或 agency
    /// ‖ Order: place (file and place, the default), left (context, from the word outward), right,
    /// year or agency
    #[arg(long, value_name = "ORDER", default_value = "place")]
    pub(crate) sort: KwicOrder,
    /// 随机抽取多少处
    /// ‖ Occurrences to draw at random
    #[arg(long, value_name = "N")]
    pub(crate) sample: Option<usize>,
    /// 抽样的种子：同一种子抽到同样的（默认 1）
    /// ‖ Seed of the sample: the same seed draws the same (default 1)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// 最多列出多少处（默认 50）
    /// ‖ At most so many lines (default 50)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// 跳过前多少处
    /// ‖ Lines to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// 不限条数，全部列出
    /// ‖ Every line, without limit
    #[arg(long, conflicts_with_all = ["limit", "offset"])]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CopiesChoice {
    Each,
    Once,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayoutChoice {
    Long,
    Wide,
    Cross,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MeasureChoice {
    Occurrences,
    Passages,
    Reports,
    #[value(name = "per-10k")]
    Per10k,
    #[value(name = "per-10k-words")]
    Per10kWords,
    PerReport,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum YearChoice {
    Year,
    #[value(alias = "report-year", name = "report_year")]
    ReportYear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RateChoice {
    #[value(name = "per-10k")]
    Per10k,
    PerReport,
    ReportShare,
    Occurrences,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KwicOrder {
    Place,
    Left,
    Right,
    Year,
    Agency,
}
