//! What was typed after `collocates`, `keyness`, `formulas`, `first-use`, `compare` and `follow-up`.

use clap::{Args as ClapArgs, ValueEnum};

use super::counting::CopiesChoice;
use super::output::OutputArgs;
use super::search::FilterArgs;

/// What the six commands share: which passages, as of when, written how.
#[derive(Debug, ClapArgs)]
pub(crate) struct SharedArgs {
    /// 写进出处的日期，如 2026-11-27（默认是索引最后一次改动的日期）
    /// ‖ Date to name as that of the data, such as 2026-11-27 (default: of the index's last change)
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
窗口不越过句子；同一个词处在两处窗口里只计一次；只列比偶然更常同现的词
对数似然：Dunning 1993；MI：Church & Hanks 1990（按窗口内词数计期望，Evert 2008）；logDice：Rychlý 2008
例：zhengsou collocates 乡村振兴 --report-year 2018.. --measure log-dice
    zhengsou collocates '环保: 环保|环境保护' --chars 10 --region 江苏省 --format csv -o 搭配.csv
‖
Windows end with their sentence; a word in two windows counts once; only words that stand there more
often than by chance are listed
Log-likelihood: Dunning 1993; MI: Church & Hanks 1990 (expected by the words of windows, Evert 2008);
logDice: Rychlý 2008
Example: zhengsou collocates 乡村振兴 --report-year 2018.. --measure log-dice
         zhengsou collocates '环保: 环保|环境保护' --chars 10 --region 江苏省 --format csv -o words.csv")]
pub(crate) struct CollocatesArgs {
    /// 词语，逐字匹配；多个写法作一个概念：名称: 词1|词2|-排除词
    /// ‖ The node, verbatim; several words as one concept: NAME: WORD|WORD|-EXCEPTION
    #[arg(required = true, value_name = "WORD")]
    pub(crate) word: Vec<String>,
    /// 窗口：左右各几个词（默认 5）
    /// ‖ Window: so many words on each side (default 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) words: usize,
    /// 窗口：左右各几个字
    /// ‖ Window: so many characters on each side
    #[arg(long, value_name = "N", conflicts_with = "words")]
    pub(crate) chars: Option<usize>,
    /// 按什么排序：log-likelihood（偏重常见词）、mi（偏重罕见词）或 log-dice（偏重专属词）
    /// ‖ Rank by log-likelihood (favours common words), mi (rare ones) or log-dice (words of its own)
    #[arg(long, value_name = "MEASURE", default_value = "log-likelihood")]
    pub(crate) measure: AssociationChoice,
    /// 至少同现几次（默认 5）
    /// ‖ Fewest occurrences in windows (default 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) least: u64,
    /// 单字、数字与虚词也计
    /// ‖ Single characters, figures and function words as well
    #[arg(long)]
    pub(crate) all_words: bool,
    /// 最多列出多少个词（默认 50）
    /// ‖ At most so many words (default 50)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// 相近段落：once（每组只计最早的一段）或 each（每段都计）
    /// ‖ Near copies: once (of each group the earliest) or each
    #[arg(long, value_name = "HOW", default_value = "once")]
    pub(crate) copies: CopiesChoice,
    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AssociationChoice {
    LogLikelihood,
    Mi,
    LogDice,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
对比的部分：--against 方面=值，逗号隔开，值前加 ! 为排除；不写则与其余全部段落对比
对数似然说差异有多确实（Rayson & Garside 2000；3.84、10.83、15.13 对应 p = 0.05、0.001、0.0001），log ratio
说差异有多大（Hardie 2014；1 为两倍，2 为四倍），%DIFF 为相对频率高出百分之几（Gabrielatos & Marchi 2012）
例：zhengsou keyness --report-year 2023 --against report_year=2013
    zhengsou keyness --region 江苏省 --report-year 2018.. --against region=浙江省,report_year=2018..
‖
The other slice: --against FACET=VALUE, with commas between, ! before a value leaves it out; without
it, all other passages
Log-likelihood says how sure the difference is (Rayson & Garside 2000; 3.84, 10.83, 15.13 stand for
p = 0.05, 0.001, 0.0001), log ratio how large (Hardie 2014; 1 is twice, 2 four times), %DIFF by how
many per cent the relative frequency is higher (Gabrielatos & Marchi 2012)
Example: zhengsou keyness --report-year 2023 --against report_year=2013
         zhengsou keyness --region 江苏省 --report-year 2018.. --against region=浙江省,report_year=2018..")]
pub(crate) struct KeynessArgs {
    /// 与哪一部分对比：方面=值（可重复；默认与其余全部对比）
    /// ‖ The slice to hold it against: FACET=VALUE (repeatable; default: all the rest)
    #[arg(long, value_name = "FACET=VALUE")]
    pub(crate) against: Vec<String>,
    /// 列出更少用而不是更常用的词
    /// ‖ Words that are rarer instead of commoner
    #[arg(long)]
    pub(crate) under: bool,
    /// 按什么排序：log-likelihood（差异确实的在前）或 log-ratio（差异大的在前）
    /// ‖ Rank by log-likelihood (surest first) or log-ratio (largest first)
    #[arg(long, value_name = "MEASURE", default_value = "log-likelihood")]
    pub(crate) measure: KeynessChoice,
    /// 至少出现几次（默认 5）
    /// ‖ Fewest occurrences (default 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) least: u64,
    /// 至少见于几份报告（默认 2；只有一份报告时为 1）
    /// ‖ Fewest reports that hold it (default 2; 1 where there is one report only)
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) least_reports: u64,
    /// 对数似然的下限（默认 15.13，即 p = 0.0001）
    /// ‖ Smallest log-likelihood (default 15.13, which is p = 0.0001)
    #[arg(long, value_name = "G2", default_value_t = 15.13)]
    pub(crate) cutoff: f64,
    /// 单字、数字与虚词也计
    /// ‖ Single characters, figures and function words as well
    #[arg(long)]
    pub(crate) all_words: bool,
    /// 最多列出多少个词（默认 50）
    /// ‖ At most so many words (default 50)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// 相近段落：once（每组只计最早的一段）或 each（每段都计）
    /// ‖ Near copies: once (of each group the earliest) or each
    #[arg(long, value_name = "HOW", default_value = "once")]
    pub(crate) copies: CopiesChoice,
    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeynessChoice {
    LogLikelihood,
    LogRatio,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
多半处在更长套话里的归并到长的；首尾多半不在词界上的、以数字起止的不列；次数含重叠处
占比：每万字里有多少字是它；C值：长而独立出现得多的在前（Frantzi, Ananiadou & Mima 2000）
例：zhengsou formulas --report-year 2018..2024 --length 8..30
    zhengsou formulas --region 江苏省 --section 工作计划 --sort reports
‖
What mostly stands in a longer formula is folded under it; what seldom begins and ends where words
do, or begins or ends with a figure, is left out; overlaps count each
Coverage: characters of it in ten thousand; C-value: long ones that often stand by themselves first (Frantzi, Ananiadou & Mima 2000)
Example: zhengsou formulas --report-year 2018..2024 --length 8..30
         zhengsou formulas --region 江苏省 --section 工作计划 --sort reports")]
pub(crate) struct FormulasArgs {
    /// 字数：最少..最多（默认 4..30）
    /// ‖ Characters, fewest..most (default 4..30)
    #[arg(long, value_name = "N..N", default_value = "4..30")]
    pub(crate) length: String,
    /// 至少出现几次（默认 5）
    /// ‖ Fewest occurrences (default 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) least: u64,
    /// 至少见于几份报告（默认 2；只有一份报告时为 1）
    /// ‖ Fewest reports that hold it (default 2; 1 where there is one report only)
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) least_reports: u64,
    /// 次序：coverage（所占字数，默认）、c-value、count（次数）、reports（报告数）或 length（字数）
    /// ‖ Order: coverage (of the text, the default), c-value, count, reports or length
    #[arg(long, value_name = "ORDER", default_value = "coverage")]
    pub(crate) sort: FormulaChoice,
    /// 最多列出多少条（默认 50）
    /// ‖ At most so many (default 50)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// 相近段落：once（每组只计最早的一段）或 each（每段都计）
    /// ‖ Near copies: once (of each group the earliest) or each
    #[arg(long, value_name = "HOW", default_value = "once")]
    pub(crate) copies: CopiesChoice,
    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormulaChoice {
    Coverage,
    CValue,
    Count,
    Reports,
    Length,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
逐字查找，段落与小标题都查，别名不算；先后按报告年度，同年按日期
分列的方面：agency system level region province city county report_kind source，或部门、省份等中文名
≤ 表示这一年是所存资料的第一年，实际可能更早
例：zhengsou first-use 乡村振兴
    zhengsou first-use '“放管服”改革' --by province --format csv -o 首见.csv
‖
Verbatim, in passages and in headings, other names do not count; in order of report year, then date
Facets: agency system level region province city county report_kind source
≤ marks a first year of which the index holds a report: it may have been earlier
Example: zhengsou first-use 乡村振兴
         zhengsou first-use '“放管服”改革' --by province --format csv -o first.csv")]
pub(crate) struct FirstUseArgs {
    /// 说法，写法同 search
    /// ‖ The phrase, written as for search
    #[arg(required = true, value_name = "PHRASE")]
    pub(crate) phrase: Vec<String>,
    /// 按此方面分列各自的首次使用
    /// ‖ The first use for each value of this facet
    #[arg(long, value_name = "FACET")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
保留：另一边有文字相同的段落；改写：五字片段重合够多；⟦甲→乙⟧ 左为旧、右为新
例：zhengsou compare 2023 2024 --region 江苏省 --level 省
    zhengsou compare 0f1e2d3c4b5a6978 8796a5b4c3d2e1f0 --only reworded,new
‖
Kept: the other side has a passage with the same words; reworded: enough five-character pieces stand
in both; ⟦A→B⟧ has the old wording on the left and the new one on the right
Example: zhengsou compare 2023 2024 --region 江苏省 --level 省
         zhengsou compare 0f1e2d3c4b5a6978 8796a5b4c3d2e1f0 --only reworded,new")]
pub(crate) struct CompareArgs {
    /// 旧的一边：报告年度，或报告编号（16 位十六进制数）
    /// ‖ The earlier side: a report year, or the id of a report (16 hexadecimal digits)
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// 新的一边，写法同上
    /// ‖ The later side, written likewise
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// 至少重合多少算改写，0 到 1（默认 0.2）
    /// ‖ Smallest overlap of what is reworded, 0 to 1 (default 0.2)
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    pub(crate) least: f64,
    /// 只列这些：kept、reworded、new、dropped，逗号隔开
    /// ‖ Only these: kept, reworded, new, dropped, with commas between
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) only: Vec<FateChoice>,
    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FateChoice {
    Kept,
    Reworded,
    New,
    Dropped,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
所计划年份的工作计划，逐句对照同一部门、同一地区以后的报告对这一年的总结；相似度为字对加权的余弦
例：zhengsou follow-up 2023 --region 江苏省 --level 省 --only unanswered
‖
The plans for the year, sentence by sentence against what later reports of the same agency and region
say in summing it up; similarity is the cosine of weighted pairs of characters
Example: zhengsou follow-up 2023 --region 江苏省 --level 省 --only unanswered")]
pub(crate) struct FollowUpArgs {
    /// 所计划的年份
    /// ‖ The year that was planned
    #[arg(value_name = "YEAR")]
    pub(crate) planned: i32,
    /// 至少多相似算有回应，0 到 1（默认 0.25）
    /// ‖ Smallest similarity of an answer, 0 to 1 (default 0.25)
    #[arg(long, value_name = "SHARE", default_value_t = 0.25)]
    pub(crate) least: f64,
    /// 只列这些：answered（有回应）、unanswered（未见回应）、no-summary（无总结），逗号隔开
    /// ‖ Only these: answered, unanswered, no-summary, with commas between
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) only: Vec<AnsweredChoice>,
    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnsweredChoice {
    Answered,
    Unanswered,
    NoSummary,
}
