//! Plans of typical queries as text.

use super::*;

fn check(query: &str, mode: Matching, any: bool, wanted: &str) {
    let schema = Schema::embedded().unwrap();
    let analyzer = Analyzer::new(&schema);
    let tree = crate::query::parse(query).unwrap();
    let plan = plan(&tree, mode, any, &analyzer, &schema).unwrap();
    assert_eq!(plan.to_string().trim_end(), wanted.trim(), "{query}");
}

#[test]
fn a_leaf_is_verbatim_or_all_its_words() {
    check(
        "全面推进乡村振兴",
        Matching::Auto,
        false,
        "text \"全面推进乡村振兴\"
  verbatim: 全面推进乡村振兴
  words (all): 全面 推进 乡村振兴
  or verbatim in a heading that opens on the passage",
    );
}

#[test]
fn quotes_ask_for_the_characters_only() {
    check(
        "“D建 引领”",
        Matching::Auto,
        false,
        "text \"D建 引领\"\n  verbatim: 党建引领",
    );
}

#[test]
fn operators_stay_in_their_places() {
    check(
        "\"教育\" -\"疫情\" 年份:2020..2022",
        Matching::Auto,
        false,
        "and
  text \"教育\"
    verbatim: 教育
  not
    text \"疫情\"
      verbatim: 疫情
  facet year: 2020..2022",
    );
}

#[test]
fn close_together_is_by_characters() {
    check(
        "乡村 NEAR/S (振兴 OR 建设)",
        Matching::Auto,
        false,
        "NEAR/S
  text \"乡村\"
    verbatim: 乡村
  text \"振兴\"
    verbatim: 振兴
  text \"建设\"
    verbatim: 建设",
    );
    check(
        "乡村*振兴??战略",
        Matching::Auto,
        false,
        "text \"乡村*振兴??战略\"\n  verbatim: 乡村{0–20}振兴??战略",
    );
}

#[test]
fn other_names_hold_in_their_time_and_place() {
    check(
        "国企",
        Matching::Auto,
        false,
        "text \"国企\"
  verbatim: 国企
  or as a word: 国有企业
  or verbatim in a heading that opens on the passage",
    );
    check(
        "新农合",
        Matching::Auto,
        false,
        "text \"新农合\"
  verbatim: 新农合
  or verbatim: 新型农村合作医疗, in reports up to 2020
  or verbatim in a heading that opens on the passage",
    );
}

#[test]
fn quotes_in_running_text_are_its_punctuation() {
    let is_plain = |query: &str| is_plain(&crate::query::parse(query).unwrap());
    for query in [
        "如何推行“非接触式”办税",
        "“大香菇头”指的是什么？",
        "教育 投入",
    ] {
        assert!(is_plain(query), "{query}");
    }
    for query in [
        "“教育”",
        "“教育” 投入",
        "教育 -投入",
        "教育*投入",
        "教育 年份:2020",
    ] {
        assert!(!is_plain(query), "{query}");
    }
}

#[test]
fn most_of_the_words_of_all_chunks() {
    check(
        "教育 投入",
        Matching::Auto,
        true,
        "text \"教育 投入\"
  verbatim: 教育投入
  words (5% by weight): 教育 投入
  or verbatim in a heading that opens on the passage",
    );
}

#[test]
fn figures_are_no_words() {
    check(
        "增长6.5% 1,600户 2023年",
        Matching::Auto,
        false,
        "and
  text \"增长6.5%\"
    verbatim: 增长6.5%
    words (all): 增长 6.5%
    or verbatim in a heading that opens on the passage
  text \"1,600户\"
    verbatim: 1,600户
    or verbatim: 1600户
    words (all): 户 1,600|1600
    or verbatim in a heading that opens on the passage
  text \"2023年\"
    verbatim: 2023年
    or verbatim in a heading that opens on the passage",
    );
}

#[test]
fn a_prefix_is_by_characters_in_every_mode() {
    check(
        "乡村*",
        Matching::Words,
        false,
        "text \"乡村*\"\n  verbatim: 乡村",
    );
}

#[test]
fn punctuation_between_terms_asks_for_nothing() {
    check(
        "\"教育\" / \"医疗\"",
        Matching::Auto,
        false,
        "and
  text \"教育\"
    verbatim: 教育
  text \"医疗\"
    verbatim: 医疗",
    );
    check(
        "。",
        Matching::Verbatim,
        false,
        "text \"。\"\n  verbatim: 。",
    );
}
