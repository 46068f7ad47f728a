//! The grammar as tables; printing and reading as a property.

use proptest::prelude::*;

use super::*;
use crate::model::Language;

fn check(input: &str, printed: &str) {
    match parse(input) {
        Ok(tree) => assert_eq!(tree.to_string(), printed, "{input}"),
        Err(error) => {
            let (_, span) = error
                .place()
                .unwrap_or(("", crate::model::CharSpan::default()));
            let message = format!(
                "{}..{} {}",
                span.start,
                span.end,
                error.message(Language::En)
            );
            assert_eq!(message, printed, "{input}");
        }
    }
}

#[test]
fn reads_what_a_chinese_keyboard_types() {
    check("乡村振兴", "乡村振兴");
    check("乡村振兴　教育", "乡村振兴 AND 教育");
    check("“乡村振兴”", "\"乡村振兴\"");
    check(
        "「乡村振兴」与 教育",
        "\"乡村振兴\" AND 与 AND 教育"
            .replace("AND 与 AND", "AND")
            .as_str(),
    );
    check("乡村振兴 或 教育 非 疫情", "乡村振兴 OR 教育 AND NOT 疫情");
    check(
        "（乡村振兴｜教育）－疫情",
        "(乡村振兴 OR 教育) AND NOT 疫情",
    );
    check(
        "乡村振兴 －疫情 ！洪水",
        "乡村振兴 AND NOT 疫情 AND NOT 洪水",
    );
    check("-40.6%", "-40.6%");
    check("电话:123", "电话:123");
    check(
        "部门：卫健委 标题:\"总结\"",
        "agency:卫健委 AND title:\"总结\"",
    );
    check("乡村*", "乡村");
    check("乡村*振兴", "乡村*振兴");
    check("*乡村＊振兴*", "乡村*振兴");
    check("乡村?兴 怎么办?", "乡村?兴 AND 怎么办?");
    check("“乡村 振兴”~5", "\"乡村\" NEAR/5 \"振兴\"");
    check("\"乡村 振兴\"～ 教育", "\"乡村\" NEAR/10 \"振兴\" AND 教育");
    check("\"乡村振兴\"~5", "\"乡村振兴\"");
    check("乡村 NEAR/S 振兴", "乡村 NEAR/S 振兴");
    check(
        "教育 （乡村 或 农村） 同句 振兴 同句 人才",
        "教育 AND (乡村 OR 农村) NEAR/S 振兴 NEAR/S 人才",
    );
    check("-乡村 NEAR/3 振兴", "NOT 乡村 NEAR/3 振兴");
    check("标题:\"乡村 振兴\"~3", "title:(\"乡村\" NEAR/3 \"振兴\")");
    check("\"NEAR/3\" ~5", "\"NEAR/3\" AND ~5");
    check("=卫健委", "=卫健委");
    check("与众不同 或者", "与众不同 AND 或者");
    check("界发[2022]20号", "界发[2022]20号");
    check("+教育 +农村", "教育 AND 农村");
    check("“他说“好”了”", "\"他说“好”了\"");
    check("", "");
    check(" \u{3000} ", "");
}

#[test]
fn says_where_a_query_breaks() {
    check("(乡村振兴", "0..1 a bracket is not closed");
    check("乡村振兴)", "4..5 a closing bracket without an opening one");
    check("“乡村", "0..3 a quote is not closed");
    check("乡村 AND", "6..7 the query breaks off here");
    check("OR 乡村", "0..2 an operator without something to find");
    check("()", "1..2 nothing before the closing bracket");
    check("\"\"", "0..2 nothing between the quotes");
    check("*", "0..1 a star without characters before it");
    check("乡村 NEAR/3", "9..10 the query breaks off here");
    check("NEAR/3 乡村", "0..6 an operator without something to find");
    check(
        "a NEAR/3 b NEAR/S c",
        "11..17 signs of closeness of two kinds side by side",
    );
    check(
        "a NEAR/3 (b AND c)",
        "2..8 only texts can stand close together",
    );
    check(&"(".repeat(100), "33..34 brackets are nested too deeply");
    check(
        &"长".repeat(3000),
        "0..0 the query has 3000 characters, more than 2000",
    );
}

proptest! {
    #[test]
    fn never_panics_and_prints_what_it_reads(input in "[乡村a1 　\"“”()（）|｜&!！+＋=:：*?～~/35－与或非ANDORTES同句-]{0,24}") {
        if let Ok(tree) = parse(&input) {
            let printed = tree.to_string();
            let again = parse(&printed);
            prop_assert!(again.is_ok(), "{input:?} → {printed:?}");
            prop_assert_eq!(again.unwrap().to_string(), printed, "{:?}", input);
        }
    }

    #[test]
    fn never_panics_on_anything(input in "\\PC{0,60}") {
        let _ = parse(&input);
    }
}
