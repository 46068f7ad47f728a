//! `/` and `/help`: where one begins, and how queries are written.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::address::{Address, Params};
use super::frame::{Frame, View};
use super::years::Histogram;
use super::{respond, search};
use crate::model::{FacetField, Language, SearchRequest, SearchResponse};
use crate::present::grouped;
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;

/// Queries to begin with and what they find, in Chinese and in English.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("乡村振兴", "一个提法", "a phrase"),
    (
        "“放管服” 部分：存在问题",
        "谁把它列为问题",
        "who names it as a problem",
    ),
    (
        "家庭医生 同句 签约率",
        "同一句里的两个词",
        "two words in one sentence",
    ),
    (
        "如何解决农村养老问题",
        "直接提问",
        "a question as one would ask it",
    ),
];

/// Ways of writing a query and what they find.
const SYNTAX: &[(&str, &str, &str)] = &[
    (
        "乡村振兴",
        "逐字出现，或词都出现；逐字的排在前面",
        "the characters themselves, or all the words; verbatim first",
    ),
    (
        "“乡村振兴战略”",
        "加引号（“”、\"\"、「」都行）：只要逐字相符的",
        "in quotes of any kind: only what is verbatim",
    ),
    (
        "乡村振兴 教育",
        "空格：两者都要（也可写 AND、与、+）",
        "a blank: both of them (AND, 与, + as well)",
    ),
    (
        "养老 OR 托育",
        "任一（也可写 |、或）",
        "either (| and 或 as well)",
    ),
    (
        "改革 NOT 机构改革",
        "排除（也可写 -、非）",
        "leaves out (- and 非 as well)",
    ),
    (
        "（养老 | 托育） 补贴",
        "括号分组，全角半角都行",
        "brackets of either width",
    ),
    (
        "\"家庭医生 签约\"~10",
        "相隔不超过 10 字",
        "within 10 characters of each other",
    ),
    ("家庭医生 同句 签约率", "在同一句里", "in the same sentence"),
    (
        "乡村*振兴",
        "中间可以隔几个字；? 代表一个字",
        "a few characters between; ? stands for one",
    ),
    (
        "标题：发展改革",
        "在报告标题里找；小标题用 heading:",
        "in titles of reports; heading: for headings",
    ),
    (
        "年份：2019..2022 乡村振兴",
        "限定年份；还有 部门、地区、层级、部分",
        "by year; agency, region, level and section likewise",
    ),
    (
        "=卫健委",
        "等号：不要别名（默认也找卫生健康委员会）",
        "an equals sign: without other names",
    ),
];

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    size: String,
    is_empty: bool,
    years: Histogram,
    /// A query, where it leads, what it finds.
    examples: Vec<Row>,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    frame: Frame,
    rows: Vec<Row>,
}

type Row = (&'static str, String, &'static str);

/// Shows the first page.
pub(super) async fn show(State(app): State<App>, address: Address) -> Result<Response, Fault> {
    let request = SearchRequest {
        facets: vec![FacetField::ReportYear],
        facet_limit: 0,
        limit: 0,
        ..SearchRequest::default()
    };
    let response = app.run(move |engine| engine.search(&request)).await?;
    let page = Home {
        size: size(&response, address.language),
        is_empty: response.total.passages == 0,
        years: Histogram::of(&address, &response, search::PATH),
        examples: rows(&address, EXAMPLES),
        version: concat!("zhengsou ", env!("CARGO_PKG_VERSION")),
        frame: Frame::new(address, View::Home, "/", ""),
    };
    respond(&page)
}

/// Shows how queries are written.
pub(super) async fn help(address: Address) -> Result<Response, Fault> {
    let title = address.language.pick("检索语法", "How to write queries");
    respond(&Help {
        rows: rows(&address, SYNTAX),
        frame: Frame::new(address, View::Other, "/help", title),
    })
}

fn rows(address: &Address, list: &[(&'static str, &'static str, &'static str)]) -> Vec<Row> {
    let row = |(query, zh, en): &(&'static str, &'static str, &'static str)| {
        let mut address = address.filtered(Vec::new());
        address.params = Params {
            q: (*query).to_owned(),
            lang: address.params.lang,
            ..Params::default()
        };
        let what = address.language.pick(zh, en);
        (*query, address.link(search::PATH), what)
    };
    list.iter().map(row).collect()
}

fn size(response: &SearchResponse, language: Language) -> String {
    let (reports, passages) = (
        grouped(response.total.reports),
        grouped(response.total.passages),
    );
    match response.total.passages {
        0 => String::new(),
        _ => say!(
            language,
            "现有 {reports} 份报告、{passages} 段。",
            "{reports} reports, {passages} passages."
        ),
    }
}
