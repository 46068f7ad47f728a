//! A source file and what became of it.

use serde::{Deserialize, Serialize};

use super::report::named;
use super::{ByteSpan, Note, Warning};

named! {
    /// Format of a source.
    Format {
        /// Plain text.
        Text = "txt",
        /// Markdown.
        Markdown = "md",
        /// JSON, one object a line.
        JsonLines = "jsonl",
        /// Word since 2007, and what writes like it.
        Docx = "docx",
        /// Word 97 to 2003, binary.
        Doc = "doc",
        /// WPS Writer's binary format, which is Word's.
        Wps = "wps",
        /// Rich Text Format.
        Rtf = "rtf",
        /// OpenDocument text.
        Odt = "odt",
        /// A web page.
        Html = "html",
        /// A web page saved with its parts.
        Mhtml = "mhtml",
        /// Portable Document Format with a text layer.
        Pdf = "pdf",
        /// A table, one report or passage a row.
        Csv = "csv",
        /// A workbook, one report or passage a row.
        Xlsx = "xlsx",
        /// Excel 97 to 2003, binary.
        Xls = "xls",
        /// An archive; its members are sources of their own.
        Zip = "zip",
        /// An archive; its members are sources of their own.
        Tar = "tar",
        /// One compressed file, or a compressed archive.
        Gzip = "gz",
    }
}

named! {
    /// What became of a source.
    SourceStatus {
        /// Read and indexed.
        Indexed = "indexed",
        /// Already in the index, unchanged.
        Unchanged = "unchanged",
        /// Left out on purpose: an unknown type, or nothing in it.
        Skipped = "skipped",
        /// Could not be read.
        Failed = "failed",
        /// Taken out of the index, since it is gone.
        Removed = "removed",
    }
}

/// The bounds that a source was read under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLimits {
    /// Most bytes that it may hold or unpack to; 0 for any number.
    pub bytes: u64,
    /// Most seconds that reading it may take; 0 for any time.
    pub seconds: u64,
}

/// One line of the ledger: a source, its identity and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Path as cited: the indexed folder's name and the path below it, `/` between parts.
    pub source: String,
    /// Absolute path on this machine; for a member of an archive, that of the archive.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Time of the last change, in nanoseconds since 1970; 0 if unknown.
    pub modified: i64,
    /// BLAKE3 of the content, 32 hexadecimal digits; empty where it was not read.
    pub hash: String,
    /// Version of the readers and stages that it went through.
    #[serde(default)]
    pub parser: u32,
    /// Format, if it was recognised.
    pub format: Option<Format>,
    /// Name of the character encoding, such as `UTF-8` or `GB18030`.
    pub encoding: Option<String>,
    /// What became of it.
    pub status: SourceStatus,
    /// Why it was skipped or failed.
    pub reason: Option<Note>,
    /// Number of reports found.
    pub reports: usize,
    /// Number of passages found.
    pub passages: usize,
    /// Number of byte sequences that could not be decoded.
    pub undecodable: usize,
    /// Number of files in it, where it is an archive.
    #[serde(default)]
    pub members: Option<usize>,
    /// The archive that it came out of, as cited.
    #[serde(default)]
    pub archive: Option<String>,
    /// The bounds that it was over, where that is why it failed.
    #[serde(default)]
    pub limits: Option<SourceLimits>,
    /// What the columns of tables were said to hold, where that counts: `列名=字段,…`.
    #[serde(default)]
    pub columns: Option<String>,
}

impl SourceRecord {
    /// Returns whether what the columns of tables hold may have counted for what became of it.
    pub fn hangs_on_columns(&self) -> bool {
        match self.format {
            Some(format) => matches!(format, Format::Csv | Format::Xlsx | Format::Xls),
            None => self.status != SourceStatus::Indexed,
        }
    }

    /// Returns whether its text stands in the index; that of an archive is its members'.
    pub fn is_text(&self) -> bool {
        self.status == SourceStatus::Indexed && self.members.is_none()
    }
}

/// Tags that a source states itself (front matter, fields of a JSONL record): taken as given.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Given {
    /// The record's own id.
    pub record_id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Agency.
    pub agency: Option<String>,
    /// Region, as a path or a plain name.
    pub region: Option<String>,
    /// Level: 国家 省 市 县 乡.
    pub level: Option<String>,
    /// Report year.
    pub report_year: Option<i32>,
    /// The year the text speaks of.
    pub year: Option<i32>,
    /// Date of delivery.
    pub date: Option<String>,
    /// Kind of section for all of the text.
    pub section_kind: Option<String>,
    /// Kind of report.
    pub report_kind: Option<String>,
}

named! {
    /// A field of [`Given`], or a part of one.
    GivenField {
        /// The record's own id.
        Id = "id",
        /// Title.
        Title = "title",
        /// Agency.
        Agency = "agency",
        /// Region, as a path or a plain name.
        Region = "region",
        /// The region's province.
        Province = "province",
        /// The region's city.
        City = "city",
        /// The region's county.
        County = "county",
        /// Level.
        Level = "level",
        /// Report year.
        ReportYear = "report_year",
        /// The year the text speaks of.
        Year = "year",
        /// Date of delivery.
        Date = "date",
        /// Kind of section.
        SectionKind = "section_kind",
        /// Kind of report.
        ReportKind = "report_kind",
    }
}

impl GivenField {
    /// Returns the field that a key names, in English or Chinese.
    pub fn named(key: &str) -> Option<Self> {
        Some(match key {
            "id" | "_id" | "docid" | "doc_id" | "编号" | "记录编号" | "文档编号" => {
                GivenField::Id
            }
            "title" | "标题" | "题目" | "报告标题" | "文章标题" | "报告名称" => {
                GivenField::Title
            }
            "agency" | "author" | "department" | "部门" | "单位" | "机构" | "部门名称"
            | "单位名称" | "机构名称" | "发文机关" | "发文单位" | "报告单位" | "报送单位" => {
                GivenField::Agency
            }
            "region" | "地区" | "区域" | "行政区划" | "所属地区" => GivenField::Region,
            "province" | "省" | "省份" => GivenField::Province,
            "city" | "市" | "城市" | "地市" | "市州" => GivenField::City,
            "county" | "district" | "县" | "县区" | "区县" | "县市区" => GivenField::County,
            "level" | "层级" | "级别" | "行政级别" | "行政层级" => GivenField::Level,
            "report_year" | "报告年度" | "报告年份" => GivenField::ReportYear,
            "year" | "年份" | "年度" => GivenField::Year,
            "date" | "日期" | "报告日期" | "成文日期" => GivenField::Date,
            "section_kind" | "section" | "部分" | "栏目" | "部分类型" => {
                GivenField::SectionKind
            }
            "report_kind" | "文种" | "报告类型" => GivenField::ReportKind,
            _ => return None,
        })
    }
}

impl Given {
    /// Sets the field that `key` names, in English or Chinese; other keys are left alone.
    pub fn set(&mut self, key: &str, value: &str) {
        if let Some(field) = GivenField::named(key) {
            self.put(field, value);
        }
    }

    /// Sets a field. The parts of a region come outermost first.
    pub fn put(&mut self, field: GivenField, value: &str) {
        let text = || Some(value.to_owned());
        let year = || {
            let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
            digits
                .parse()
                .ok()
                .filter(|year| (1900..=2100).contains(year))
        };
        match field {
            GivenField::Id => self.record_id = text(),
            GivenField::Title => self.title = text(),
            GivenField::Agency => self.agency = text(),
            GivenField::Region => self.region = text(),
            GivenField::Province | GivenField::City | GivenField::County => {
                self.region = match self.region.take() {
                    // 北京市 is province and city.
                    Some(region) if region.split('/').any(|part| part == value) => Some(region),
                    Some(region) => Some(format!("{region}/{value}")),
                    None => text(),
                };
            }
            GivenField::Level => {
                self.level = Some(value.strip_suffix('级').unwrap_or(value).to_owned());
            }
            GivenField::Date => self.date = text(),
            GivenField::SectionKind => self.section_kind = text(),
            GivenField::ReportKind => self.report_kind = text(),
            GivenField::ReportYear => self.report_year = year(),
            GivenField::Year => self.year = year(),
        }
    }
}

/// What a piece of markup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// YAML front matter, with its fences.
    FrontMatter,
    /// `**` or `__` around bold text (the markers only).
    Bold,
    /// The hashes of a Markdown heading.
    Hashes,
    /// `<!-- … -->`.
    Comment,
    /// `[^1]` in the text, or at the start of its definition.
    FootnoteMark,
    /// Bullets, quote marks, rules, links' brackets and addresses, escapes.
    Other,
}

impl Markup {
    /// Returns the name used as the reason of dropped text.
    pub fn reason(self) -> &'static str {
        match self {
            Markup::FrontMatter => "front_matter",
            Markup::Bold => "bold",
            Markup::Hashes => "heading_marker",
            Markup::Comment => "comment",
            Markup::FootnoteMark => "footnote_mark",
            Markup::Other => "markup",
        }
    }
}

/// A piece of markup in the decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Place in `text`, in bytes, on character borders.
    pub bytes: ByteSpan,
    /// What it is.
    pub markup: Markup,
}

/// What a document says of the look of a line. Lines without an entry are plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineStyle {
    /// Where the line begins in `text`, in bytes.
    pub start: usize,
    /// Level of its heading style, 1-based; 0 for body text.
    pub level: u8,
    /// Bytes at its start that are set in bold.
    pub bold: usize,
    /// Whether it is a footnote or endnote.
    pub note: bool,
    /// Whether it is the row of a table, its cells joined.
    pub row: bool,
}

/// A decoded text to be split: a whole file, or one record of a JSONL file.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// Path as cited.
    pub source: String,
    /// Format that the content was read as.
    pub format: Format,
    /// Name of the encoding.
    pub encoding: String,
    /// Number of byte sequences that could not be decoded; each stands as U+FFFD in `text`.
    pub undecodable: usize,
    /// The decoded text; line ends are kept as they are.
    pub text: String,
    /// Line of every passage where the whole text stands on one line of the source (JSONL);
    /// `None` where lines are counted in `text`.
    pub fixed_line: Option<u32>,
    /// Markup, sorted and without overlap.
    pub marks: Vec<Mark>,
    /// Lines that a document sets apart, in the order of the text.
    pub styles: Vec<LineStyle>,
    /// Where each page begins in `text`, in bytes; empty where a format has no pages.
    pub pages: Vec<usize>,
    /// What the source says of itself.
    pub given: Given,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}
