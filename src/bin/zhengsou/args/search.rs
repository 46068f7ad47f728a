//! What was typed after `search`, and the filters that it shares.

use clap::{Args as ClapArgs, ValueEnum};

use super::output::OutputArgs;

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
    /// 按相关排列时，同一份报告先列几段，其余排在别的报告之后，0 为不限（默认 3）
    /// ‖ By relevance, so many passages of a report before those of others; 0 for as they come
    /// (default 3)
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) per_report: usize,
    /// 按这些方面计数，逗号隔开：agency,year；只数含某些字的值：agency=卫生（全部见下）
    /// ‖ Count by these, with commas between: agency,year; only values that hold some characters:
    /// agency=卫生 (see below for all)
    #[arg(long, value_name = "LIST")]
    pub(crate) facets: Vec<String>,
    /// 每个方面最多列几个值，0 为全部（默认 20）
    /// ‖ Values to list of each facet, 0 for all (default 20)
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) facet_limit: usize,
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
    #[command(flatten)]
    pub(crate) output: OutputArgs,
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
