//! What was typed after `eval`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{Mode, ViewFormat};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
查询文件：编号、查询，制表符隔开；可加第三列，为查询的类别
评判文件：查询编号、文档、等级（TREC 的四列亦可）；文档写 JSONL 记录自己的 id，或段落编号，或 出处:行号
结果文件：TREC 格式，trec_eval、ir_measures 等工具可直接读取，算出的数字相同
例：zhengsou eval --queries queries.tsv --qrels qrels.tsv --run run.txt
‖
Queries: id, query, with a tab between; a third column is the kind of query
Judgements: query id, document, grade (or TREC's four columns); the document is the own id of a
JSONL record, or a passage id, or SOURCE:LINE
Run: TREC's form; trec_eval, ir_measures and others read it and come to the same figures
Example: zhengsou eval --queries queries.tsv --qrels qrels.tsv --run run.txt")]
pub(crate) struct EvalArgs {
    /// 查询文件
    /// ‖ File of the queries
    #[arg(long, value_name = "TSV")]
    pub(crate) queries: PathBuf,
    /// 评判文件
    /// ‖ File of the judgements
    #[arg(long, value_name = "TSV")]
    pub(crate) qrels: PathBuf,
    /// 把检索结果写入此文件（TREC 格式）
    /// ‖ Write what was found here (TREC run file)
    #[arg(long, value_name = "FILE")]
    pub(crate) run: Option<PathBuf>,
    /// 每个查询取前多少个文档（默认 100）
    /// ‖ Documents to look at for each query (default 100)
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) depth: usize,
    /// 列出失分最多的多少个查询（默认 10）
    /// ‖ How many of the queries that lose most to list (default 10)
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) losses: usize,
    /// 匹配方式：auto、verbatim（逐字）或 words（按词）
    /// ‖ How to match: auto, verbatim or words
    #[arg(long, value_name = "MODE", default_value = "auto")]
    pub(crate) mode: Mode,
    /// 大部分词出现即可
    /// ‖ Most of the words are enough
    #[arg(long)]
    pub(crate) any: bool,
    /// 输出格式：text 或 json
    /// ‖ Output format: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ViewFormat,
}
