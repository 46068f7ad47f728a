//! Files as written, names, figures worked out by hand, and bounds that hold for any ranking.

use proptest::prelude::*;

use super::*;

fn topic(id: &str) -> Topic {
    Topic {
        id: id.to_owned(),
        text: String::new(),
        class: None,
    }
}

#[test]
fn both_forms_of_judgements_are_read() {
    let queries = "\u{feff}q1\t乡村 振兴\t旧提法\r\nq2\t教育\nq3\t无\n";
    for qrels in [
        "q1\ta\t1\nq1\tb\t0\nq2\ta b\t2\n",
        "q1 0 a 1\nq1 0 b -1\n\nq2 0 a%20b 2\n",
    ] {
        let judged = Judged::read(queries, qrels).unwrap();
        assert_eq!((judged.topics.len(), judged.unjudged), (2, 1));
        assert_eq!(judged.topics[0].text, "乡村 振兴");
        assert_eq!(judged.topics[0].class.as_deref(), Some("旧提法"));
        assert_eq!(judged.grades(&topic("q1")).get("b"), Some(&0));
        assert_eq!(judged.grades(&topic("q2")).get("a%20b"), Some(&2));
        assert!(!judged.by_passage());
    }
}

#[test]
fn faults_name_their_line() {
    for (queries, qrels) in [
        ("q1\n", "q1 a 1\n"),
        ("q1\tx\n", "q1 a\n"),
        ("q1\tx\n", "q1 a b\n"),
    ] {
        let error = Judged::read(queries, qrels).unwrap_err();
        assert!(error.to_string().contains("1"), "{error}");
    }
    assert!(Judged::read("q1\tx\n", "q2 a 1\n").is_err());
}

#[test]
fn figures_worked_out_by_hand() {
    let grades = BTreeMap::from([
        ("a".to_owned(), 2),
        ("b".to_owned(), 1),
        ("c".to_owned(), 0),
    ]);
    let found = measure(&["c", "b", "a"], &grades);
    let best = 2.0 + 1.0 / 3_f64.log2();
    let gained = 1.0 / 3_f64.log2() + 2.0 / 4_f64.log2();
    assert!((found.ndcg_10 - gained / best).abs() < 1e-12);
    assert_eq!((found.mrr_10, found.success_1), (0.5, 0.0));
    assert_eq!((found.recall_10, found.recall_100), (1.0, 1.0));
    assert_eq!(measure(&["a"], &BTreeMap::new()), Measures::default());
}

#[test]
fn equal_scores_keep_their_order_in_the_run_file() {
    let found = vec![
        ("a".to_owned(), 2.0),
        ("b".to_owned(), 2.0),
        ("c".to_owned(), 1.5),
    ];
    let lines = run_lines(&topic("q"), &found, "t");
    let scores: Vec<f32> = lines
        .lines()
        .map(|line| line.split(' ').nth(4).unwrap().parse().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a > b), "{lines}");
    assert!(lines.starts_with("q Q0 a 1 2 t\n"), "{lines}");
}

proptest! {
    #[test]
    fn measures_stay_between_0_and_1_and_the_ideal_order_is_1(
        grades in prop::collection::btree_map("[a-f]", 0..4_u32, 1..6),
        found in prop::collection::hash_set("[a-j]", 0..8),
    ) {
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        let measures = measure(&found, &grades);
        for figure in [measures.ndcg_10, measures.mrr_10, measures.recall_10, measures.recall_100] {
            prop_assert!((0.0..=1.0).contains(&figure));
        }
        let mut ideal: Vec<(&String, &u32)> = grades.iter().collect();
        ideal.sort_by_key(|(_, grade)| std::cmp::Reverse(**grade));
        let ideal: Vec<&str> = ideal.iter().map(|(name, _)| name.as_str()).collect();
        if grades.values().any(|grade| *grade > 0) {
            prop_assert!((measure(&ideal, &grades).ndcg_10 - 1.0).abs() < 1e-12);
        }
    }
}
