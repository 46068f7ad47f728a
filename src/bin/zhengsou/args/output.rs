//! How and where answers are written.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

#[derive(Debug, ClapArgs)]
pub(crate) struct OutputArgs {
    /// 输出格式：text、json、jsonl、csv 或 xlsx
    /// ‖ Output format: text, json, jsonl, csv or xlsx
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: AnswerFormat,
    /// CSV 前加字节序标记，便于用 Excel 打开
    /// ‖ Begin CSV with a byte order mark, for Excel
    #[arg(long)]
    pub(crate) bom: bool,
    /// 写入此文件，不写到标准输出
    /// ‖ Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    Text,
    Json,
    Jsonl,
    Csv,
    Xlsx,
}
