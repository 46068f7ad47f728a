//! What was typed after `similar` and `related`.

use clap::{Args as ClapArgs, ValueEnum};

use super::output::OutputArgs;
use super::search::{FilterArgs, Mode, Order};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
重合：所找文字的五字片段有多少见于该段；⟦甲→乙⟧ 左为所找文字，右为该段
例：zhengsou similar '巩固拓展脱贫攻坚成果同乡村振兴有效衔接' --year ..2021 --sort year
    zhengsou similar 00f3c2a1b4d5e6f7 --region 江苏省
    pbpaste | zhengsou similar -
‖
Overlap: how many five-character pieces of the wording stand in the passage; ⟦A→B⟧ has the wording
on the left and the passage on the right
Example: zhengsou similar '巩固拓展脱贫攻坚成果同乡村振兴有效衔接' --year ..2021 --sort year
         zhengsou similar 00f3c2a1b4d5e6f7 --region 江苏省
         pbpaste | zhengsou similar -")]
pub(crate) struct SimilarArgs {
    /// 一句或一段话，或段落编号（16 位十六进制数）；- 为标准输入
    /// ‖ A sentence or paragraph, or the id of a passage (16 hexadecimal digits); - for standard input
    #[arg(required = true, value_name = "TEXT")]
    pub(crate) text: Vec<String>,
    /// 至少重合多少，0 到 1（默认 0.3）
    /// ‖ Smallest overlap, 0 to 1 (default 0.3)
    #[arg(long, value_name = "SHARE", default_value_t = 0.3)]
    pub(crate) least: f64,
    /// 排序：relevance（重合多的在前）、year（早的在前）或 -year
    /// ‖ Order: relevance (most overlap first), year (earliest first) or -year
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
    /// 摘录的字数，0 为整段（默认 120）
    /// ‖ Length of snippets in characters, 0 for the whole passage (default 120)
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub(crate) snippet: usize,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
只计两字以上的词，相近的段落只计一次；数字与查询自身的词除外
例：zhengsou related 乡村振兴 --report-year 2018.. --measure log-dice
‖
Words of two characters or more count, near copies once; figures and the query's own words are left
out
Example: zhengsou related 乡村振兴 --report-year 2018.. --measure log-dice")]
pub(crate) struct RelatedArgs {
    /// 查询，写法同 search
    /// ‖ The query, written as for search
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// 匹配方式：auto、verbatim（逐字）或 words（按词）
    /// ‖ How to match: auto, verbatim or words
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub(crate) mode: Mode,
    /// 按什么排序：log-likelihood（对数似然，偏重常见词）或 log-dice（偏重专属词）
    /// ‖ Rank by log-likelihood (favours common words) or log-dice (favours words of its own)
    #[arg(long, value_name = "MEASURE", default_value = "log-likelihood")]
    pub(crate) measure: By,
    /// 至少见于多少段结果（默认 3）
    /// ‖ Fewest matches that a term must stand in (default 3)
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) least: u64,
    /// 最多列出多少个词（默认 20）
    /// ‖ At most so many terms (default 20)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    LogLikelihood,
    LogDice,
}
