//! An answer without hits → what to try next.

use std::io::{Result, Write};

use super::Look;
use crate::model::{Matching, SearchRequest, SearchResponse};
use crate::say;

/// Says what to try when nothing is shown; only what could change the outcome of this request.
pub(super) fn write(
    out: &mut dyn Write,
    request: &SearchRequest,
    response: &SearchResponse,
    look: &Look,
) -> Result<()> {
    let language = look.language;
    if response.total.passages > 0 && request.offset == 0 {
        // Only counts were asked for: `--limit 0`.
        return Ok(());
    }
    if response.total.passages > 0 {
        let offset = request.offset;
        return writeln!(
            out,
            "{}",
            say!(
                language,
                "第 {offset} 条之后没有了；减小 --offset",
                "nothing after number {offset}; use a smaller --offset"
            )
        );
    }
    let query = request.query.trim();
    let quoted = query.contains(['"', '“', '”', '＂']);
    let several = query.split_whitespace().nth(1).is_some();
    let mut tries = Vec::new();
    if !request.filters.is_empty() {
        tries.push(language.pick(
            "去掉一部分筛选（--facets agency,year 可看到有哪些取值）",
            "drop some of the filters (--facets agency,year shows the values there are)",
        ));
    }
    if quoted || request.mode == Matching::Verbatim {
        tries.push(language.pick(
            "去掉引号或 --mode verbatim，按词检索",
            "drop the quotes or --mode verbatim to match by words",
        ));
    }
    if several && !request.any {
        tries.push(language.pick(
            "加 --any，只要求大部分词出现",
            "add --any to ask for most of the words only",
        ));
    }
    if !query.is_empty() {
        tries.push(language.pick(
            "换一个较短的词，或用同义的说法",
            "a shorter word, or another way to say it",
        ));
    } else if request.filters.is_empty() {
        tries.push(language.pick(
            "索引里还没有内容：zhengsou index 文件夹",
            "the index holds nothing yet: zhengsou index FOLDER",
        ));
    }
    writeln!(
        out,
        "\n{}",
        language.pick("没有找到。可以试试：", "Nothing was found. You could try:")
    )?;
    for line in tries {
        writeln!(out, "  - {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FacetField, Filter, Totals};
    use crate::present::samples;

    #[test]
    fn nothing_found() {
        let response = SearchResponse {
            hits: Vec::new(),
            notes: Vec::new(),
            total: Totals::default(),
            facets: std::collections::BTreeMap::new(),
            ..samples::answer()
        };
        let request = SearchRequest {
            query: "“乡村 教育”".to_owned(),
            mode: Matching::Auto,
            filters: vec![Filter {
                field: FacetField::Year,
                value: "1999".to_owned(),
                negated: false,
            }],
            ..SearchRequest::default()
        };
        let mut out = Vec::new();
        write(&mut out, &request, &response, &Look::default()).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        没有找到。可以试试：
          - 去掉一部分筛选（--facets agency,year 可看到有哪些取值）
          - 去掉引号或 --mode verbatim，按词检索
          - 加 --any，只要求大部分词出现
          - 换一个较短的词，或用同义的说法
        ");
    }
}
