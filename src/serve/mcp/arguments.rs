//! Arguments of tools: flat, described by their JSON Schema, refused with what to send instead.

use rmcp::model::JsonObject;
use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, Filter};
use crate::typed;

/// Reads the arguments of a tool.
pub(super) fn read<T: DeserializeOwned>(arguments: JsonObject, schema: &JsonObject) -> Result<T> {
    serde_json::from_value(Value::Object(arguments)).map_err(|cause| {
        let advice = described(schema);
        Error::new(
            ErrorKind::Usage,
            format!("参数有误：{cause}"),
            format!("the arguments do not fit: {cause}"),
        )
        .with_hint(
            format!("请发送：{advice}"),
            format!("send instead: {advice}"),
        )
    })
}

/// Returns what a tool takes, in one line: `query (string, required), limit (integer, 1 to 50)`.
fn described(schema: &JsonObject) -> String {
    let empty = JsonObject::new();
    let required = schema.get("required").and_then(Value::as_array);
    let properties = schema.get("properties").and_then(Value::as_object);
    let one = |(name, about): (&String, &Value)| {
        let kind = match &about["type"] {
            Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or("value"),
            kind => kind.as_str().unwrap_or("string"),
        };
        let mut text = format!("{name} ({kind}");
        if required.is_some_and(|required| required.iter().any(|other| other == name)) {
            text += ", required";
        }
        if let (Some(least), Some(most)) = (about["minimum"].as_f64(), about["maximum"].as_f64()) {
            text += &format!(", {least} to {most}");
        }
        text + ")"
    };
    let described = properties.unwrap_or(&empty).iter().map(one);
    described.collect::<Vec<_>>().join(", ")
}

/// Refuses a number that is out of its bounds.
pub(super) fn bounded(name: &str, number: usize, least: usize, most: usize) -> Result<usize> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("参数 {name} 不能是 {number}"),
        format!("the argument {name} cannot be {number}"),
    )
    .with_hint(
        format!("请给出 {least} 到 {most} 之间的整数"),
        format!("send a whole number from {least} to {most}"),
    ))
}

/// Arguments of `search_passages`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct SearchPassages {
    /// Words as they stand in reports, apart by blanks; “…” for a phrase; AND OR NOT.
    pub(super) query: String,
    /// Agency, short names will do: 卫健委. A leading ! leaves it out.
    pub(super) agency: Option<String>,
    /// Region with all below it: 江苏省, 江苏省/南京市.
    pub(super) region: Option<String>,
    /// Level: 国家, 省, 市, 县, 乡.
    pub(super) level: Option<String>,
    /// Year spoken of: 2023, 2019..2023, >=2020.
    pub(super) year: Option<String>,
    /// Year of the report, written likewise.
    pub(super) report_year: Option<String>,
    /// Kind of section: 工作总结, 工作计划, 存在问题.
    pub(super) section_kind: Option<String>,
    /// Order: relevance, year (oldest first) or -year (latest first).
    pub(super) sort: Option<String>,
    /// At most so many passages (default 10).
    #[schemars(range(min = 1, max = 50))]
    pub(super) limit: Option<usize>,
    /// Passages to skip.
    #[schemars(range(min = 0, max = 10_000))]
    pub(super) offset: Option<usize>,
}

/// Arguments of `count_terms`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct CountTerms {
    /// Terms with commas between: 乡村振兴,共同富裕. Words that count as one: 环保|环境保护.
    pub(super) terms: String,
    /// By what it is told apart: year, report_year, province, city, agency, level, section_kind.
    pub(super) by: Option<String>,
    /// Agency, short names will do: 卫健委. A leading ! leaves it out.
    pub(super) agency: Option<String>,
    /// Region with all below it: 江苏省, 江苏省/南京市.
    pub(super) region: Option<String>,
    /// Level: 国家, 省, 市, 县, 乡.
    pub(super) level: Option<String>,
    /// Year spoken of: 2023, 2019..2023, >=2020.
    pub(super) year: Option<String>,
    /// Year of the report, written likewise.
    pub(super) report_year: Option<String>,
    /// Kind of section: 工作总结, 工作计划, 存在问题.
    pub(super) section_kind: Option<String>,
}

/// Arguments of `read_passage`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct ReadPassage {
    /// Id of the passage, 16 hexadecimal digits, from search_passages.
    pub(super) id: String,
    /// Neighbours to read on each side (default 1).
    #[schemars(range(min = 0, max = 20))]
    pub(super) around: Option<usize>,
}

/// Arguments of `read_report_outline`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct ReadReportOutline {
    /// Id of the report (report_id) or of one of its passages, 16 hexadecimal digits.
    pub(super) id: String,
}

/// Arguments of `list_facet_values`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct ListFacetValues {
    /// The facet: agency, system, level, region, year, report_year, section_kind, report_kind, source.
    pub(super) facet: String,
    /// Only values that hold these characters: 卫生.
    pub(super) find: Option<String>,
    /// Count under this query only.
    pub(super) query: Option<String>,
    /// At most so many values (default 30).
    #[schemars(range(min = 1, max = 1000))]
    pub(super) limit: Option<usize>,
}

/// Arguments of `check_quote`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(deny_unknown_fields)]
pub(super) struct CheckQuote {
    /// The quotation, without quotation marks around it; one paragraph.
    pub(super) quote: String,
    /// Id of the passage that it is said to be from; without it, every passage is looked at.
    pub(super) id: Option<String>,
}

/// Reads filters that were given.
pub(super) fn filters<const N: usize>(
    given: [(FacetField, &Option<String>); N],
) -> Result<Vec<Filter>> {
    let given = given.into_iter();
    given
        .filter_map(|(field, value)| Some((field, value.as_deref()?)))
        .map(|(field, value)| typed::filter(field, value))
        .collect()
}

/// Reads the name of a facet.
pub(super) fn facet(name: &str) -> Result<FacetField> {
    FacetField::parse(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = FacetField::ALL.iter().map(|field| field.name()).collect();
        let names = names.join(", ");
        Error::new(
            ErrorKind::Usage,
            format!("没有叫“{name}”的方面"),
            format!("there is no facet '{name}'"),
        )
        .with_hint(
            format!("请发送：{names} 之一"),
            format!("send one of {names}"),
        )
    })
}
