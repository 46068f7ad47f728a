//! Binary Word documents from outside: automatic numbers against typed ones, and the formats beside
//! the project.

use std::path::Path;

use zhengsou::model::SourceText;
use zhengsou::read::{Origin, read};
use zhengsou::schema::Schema;
use zhengsou::split::{Block, BlockKind, split};

/// What stands in `tests/golden/formats/outline.doc`, whose numbers are automatic, as it is typed.
const TYPED: &str = "\
柳河县水务局2023年工作总结和2024年工作计划
2023年，全县水务系统围绕保供水、保安全、保民生，扎实推进各项工作，现将有关情况报告如下。
一、2023年工作总结
（一）供水保障
改造老旧管网12公里，漏损率降到9%，城区供水水质全年达标，群众用水更加放心。
（二）防汛抗旱
1.堤防加固
加固堤防8处，清理河道30公里，汛期没有发生一起险情，沿河群众安全过汛。
2.抗旱调度
科学调度水库三座，保障灌溉面积6万亩，粮食没有因旱减产，农民收入稳定。
二、存在问题
管网建设欠账较多，基层水利人员偏少，节水意识还要加强，这些都要在今后解决。
三、2024年工作计划
（一）续建重点工程
续建城北水厂，年底前通水，日供水能力提高2万吨，惠及城乡居民十万人。
（二）抓好节水工作
创建节水型单位20家，推广节水器具，开展节水宣传进机关进学校进社区活动。
";

fn text(name: &str, bytes: Vec<u8>) -> SourceText {
    let mut texts = Vec::new();
    let origin = Origin::new(name, Path::new(name));
    read(&origin, bytes, &mut |text| texts.push(text)).unwrap();
    texts.remove(0)
}

/// Returns the blocks of all reports, without their places and blanks.
fn blocks(text: &SourceText) -> Vec<(BlockKind, String)> {
    let schema = Schema::embedded().unwrap();
    let squeeze = |text: String| text.chars().filter(|c| !c.is_whitespace()).collect();
    let block = |block: Block| (block.kind, squeeze(block.text));
    let reports = split(text, &schema).reports.into_iter();
    reports
        .flat_map(|report| report.blocks.into_iter().map(block))
        .collect()
}

#[test]
fn automatic_numbers_give_the_outline_of_typed_ones() {
    let document = include_bytes!("../golden/formats/outline.doc").to_vec();
    let document = text("a.doc", document);
    assert_eq!(document.text, TYPED);
    let typed = blocks(&text("a.txt", TYPED.into()));
    let is_heading = |(kind, _): &&(BlockKind, String)| matches!(kind, BlockKind::Heading { .. });
    assert_eq!(typed.iter().filter(is_heading).count(), 9);
    assert_eq!(blocks(&document), typed);
}

#[test]
fn the_seed_reads_as_its_text_does() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let Ok(plain) = std::fs::read(shared.join("seed/compilation-2023-2024.txt")) else {
        return;
    };
    let plain = blocks(&text("seed.txt", plain));
    for name in ["seed.doc", "seed.wps"] {
        let document = std::fs::read(shared.join("formats").join(name)).unwrap();
        assert!(blocks(&text(name, document)) == plain, "{name}");
    }
}
