//! Folding and cutting as tables and properties.

use proptest::prelude::*;

use super::*;

fn analyzer() -> Analyzer {
    Analyzer::new(&Schema::embedded().unwrap())
}

#[test]
fn folds_what_readers_hold_to_be_equal() {
    let analyzer = analyzer();
    for (text, folded) in [
        ("２０２３年", "2023年"),
        ("ＧＤＰ增长", "gdp增长"),
        ("⼯作总结", "工作总结"),
        ("政\u{3000}府 工\n作", "政府工作"),
        ("PM2.5 EOD", "pm2.5 eod"),
        ("A B 中 C", "a b中c"),
        ("国家衛生", "国家卫生"),
        ("90.64％", "90.64%"),
        ("㎡①", "m21"),
        ("界发〔2022〕20号", "界发[2022]20号"),
        ("【附件】［一］", "[附件][一]"),
        ("2021—2025年·三「农」", "2021-2025年·三“农”"),
        ("cafe\u{301}", "café"),
        ("D建引领", "党建引领"),
        ("坚持D的领导", "坚持党的领导"),
        ("XX县", "xx县"),
    ] {
        assert_eq!(analyzer.fold(text), folded, "{text}");
    }
}

#[test]
fn a_query_cut_at_a_redaction_has_both_forms() {
    assert_eq!(analyzer().query_forms("持D"), ["持d", "持党"]);
}

#[test]
fn words_leave_out_punctuation() {
    assert_eq!(
        analyzer().words("县卫健委，推进乡村振兴（2023年）。"),
        ["县", "卫健委", "推进", "乡村振兴", "2023", "年"]
    );
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
        let analyzer = analyzer_shared();
        let once = analyzer.fold(&text);
        // Restored text may stand beside Latin letters that now form another word.
        if !text.contains(['D', 'E', 'A', 'Ｄ']) {
            prop_assert_eq!(strip_blanks(&analyzer.fold(&once)), strip_blanks(&once));
        }
    }

    #[test]
    fn spans_cover_the_text_in_order(text in "[一-丁D建 A-Ca-c0-9　\\u{301}①]{0,30}") {
        let analyzer = analyzer_shared();
        let folded = analyzer.fold_mapped(&text);
        prop_assert_eq!(folded.text(), analyzer.fold(&text));
        let chars: Vec<char> = text.chars().collect();
        let mut covered = vec![false; chars.len()];
        for (index, span) in folded.spans.iter().enumerate() {
            prop_assert!(span.end <= chars.len() && !span.is_empty());
            prop_assert!(index == 0 || folded.spans[index - 1].start <= span.start);
            covered[span.range()].fill(true);
        }
        for (index, &character) in chars.iter().enumerate() {
            prop_assert!(covered[index] || fold::is_blank(character), "{character:?} at {index}");
        }
    }
}

fn analyzer_shared() -> &'static Analyzer {
    static SHARED: std::sync::OnceLock<Analyzer> = std::sync::OnceLock::new();
    SHARED.get_or_init(analyzer)
}

#[test]
fn every_redaction_rule_does_what_its_samples_say() {
    let analyzer = analyzer_shared();
    let schema = Schema::embedded().unwrap();
    assert!(!schema.redactions.rules().is_empty());
    for rule in schema.redactions.rules() {
        assert!(!rule.samples.is_empty(), "{}: no sample", rule.name);
        for (written, restored) in &rule.samples {
            // The restored text is compared after the fold that restores nothing more.
            assert_eq!(
                analyzer.fold(written),
                analyzer.fold(restored),
                "{}",
                rule.name
            );
            assert_ne!(
                analyzer.fold(written),
                written.to_lowercase(),
                "{}",
                rule.name
            );
        }
        for counter in &rule.counters {
            let chars: Vec<char> = counter.chars().collect();
            for at in 0..chars.len() {
                let fired = schema.redactions.at(&chars, at);
                assert!(
                    fired.is_none_or(|fired| fired.name != rule.name),
                    "{}: {counter}",
                    rule.name
                );
            }
        }
    }
}

#[test]
fn sentences_end_behind_their_closing_marks() {
    assert_eq!(sentence_ends("甲。乙"), [2]);
    assert_eq!(sentence_ends("他说“好。”乙 a!丙"), [6, 9]);
    assert_eq!(sentence_ends("甲；乙，丙。"), [0; 0]);
}

/// What the fast paths take for granted.
#[test]
fn every_character_keeps_what_fast_paths_take_for_granted() {
    use unicode_normalization::UnicodeNormalization;
    let analyzer = analyzer_shared();
    for character in (0..=0x10_ffff).filter_map(char::from_u32) {
        let text = character.to_string();
        if analyzer.fold(&text) == text {
            assert!(text.nfkc().eq([character]), "{character:?}");
        }
        let is_han = ('\u{4e00}'..='\u{9fff}').contains(&character);
        assert_eq!(
            is_letter(character),
            is_han || character.is_alphanumeric(),
            "{character:?}"
        );
    }
}
