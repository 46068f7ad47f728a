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
    check("乡村*", "乡村*");
    check("乡村*振兴", "乡村*振兴");
    check("*乡村＊振兴**", "乡村*振兴*");
    check("*AND 怎么办?*", "\"AND\" AND 怎么办?");
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
    check("=（卫健委 或 \"低保\"）", "=卫健委 OR =\"低保\"");
    check("乡村 ＡＮＤ 教育 ＯＲ 人才", "乡村 AND 教育 OR 人才");
    check(
        "乡村 && 教育 || 人才 ｜｜ 医疗",
        "乡村 AND 教育 OR 人才 OR 医疗",
    );
    check("乡村 ＮＥＡＲ／５ 振兴", "乡村 NEAR/5 振兴");
    check("“乡村 振兴”～１２", "\"乡村\" NEAR/12 \"振兴\"");
    check(
        "年份： 2019..2023　部门: 卫健委",
        "year:2019..2023 AND agency:卫健委",
    );
    check("部门：（卫健委 或 教育局）", "agency:(卫健委 OR 教育局)");
    check(
        "《乡村 振兴（试行）》 教育",
        "《乡村 振兴（试行）》 AND 教育",
    );
    check("《乡村 振兴", "《乡村 AND 振兴");
    check(
        "〔2022〕20号 【附件】 ［一］",
        "〔2022〕20号 AND 【附件】 AND ［一］",
    );
    check("报告：关于教育", "报告：关于教育");
    check("报告：00000000000000a1", "report:00000000000000a1");
    check("「他说“好”」", "\"他说“好”\"");
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
    check(
        "乡村 AND OR 教育",
        "7..9 an operator without something to find",
    );
    check(
        "(乡村 AND) 教育",
        "4..7 an operator without something to find",
    );
    check("教育 年份:", "3..6 a field without a value");
    check("部门： OR 教育", "0..3 a field without a value");
    check(
        "部门:(标题:教育)",
        "3..10 this field takes values only, and values joined by AND, OR, NOT",
    );
    check(
        "年份:\"2019 2020\"~3",
        "3..16 this field takes values only, and values joined by AND, OR, NOT",
    );
    check(
        &"字 ".repeat(MAX_TEXTS + 1),
        "400..401 the query has 201 terms, more than 200",
    );
    check(&"(".repeat(100), "33..34 brackets are nested too deeply");
    check(
        &"长".repeat(3000),
        "0..0 the query has 3000 characters, more than 2000",
    );
}

proptest! {
    #[test]
    fn never_panics_and_prints_what_it_reads(input in "([乡村a1 　\"“”「」()（）|｜&!！+＋=＝:：*＊?～~/3５－与或非〔〕《》\\[\\]-]|AND |OR |NOT |NEAR/3 |同句 |标题:|部门：|年份: ){0,24}") {
        if let Ok(tree) = parse(&input) {
            let printed = tree.to_string();
            prop_assert_eq!(parse(&printed).ok(), Some(tree), "{:?} → {:?}", input, printed);
        }
    }

    #[test]
    fn never_panics_on_anything(input in "\\PC{0,60}") {
        let _ = parse(&input);
    }
}
