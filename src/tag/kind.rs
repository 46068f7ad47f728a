//! Kind of a report, from its title or else from its first words.

use super::ballot::{Ballot, Witness};
use super::scene::{Scene, fold};
use crate::model::{Evidence, ReportKind};
use crate::schema::Cues;

/// Decides the kind of a report and says why.
pub(super) fn kind(cues: &Cues, scene: &Scene<'_>) -> (ReportKind, Vec<Evidence>) {
    let mut ballot = Ballot::new("report_kind");
    let given = fold(&scene.given_title);
    let own = fold(&scene.title.text);
    for (title, from, line) in [
        (&own, "title", scene.title.number),
        (&given, "source title", 0),
    ] {
        if let Some(kind) = title_kind(cues, title) {
            ballot.vote(kind, &Witness::new(from, line, title), 5.0);
        }
    }
    for line in scene.bylines.iter().chain(&scene.opening) {
        let witness = |from| Witness::new(from, line.number, &line.text);
        if line.text.contains("会议上") && cues.session.is_match(&line.text) {
            ballot.vote(
                ReportKind::GovernmentWorkReport,
                &witness("session line"),
                3.0,
            );
        }
        let heard = ["审议", "审查", "大会"];
        let is_heard =
            line.text.contains("报告") && heard.iter().any(|word| line.text.contains(word));
        let spoken = || cues.on_behalf.captures(&line.text)?.name("author");
        let speaks = |author: &str| author.contains("政府") || author == "国务院";
        if is_heard && spoken().is_some_and(|author| speaks(author.as_str())) {
            ballot.vote(ReportKind::GovernmentWorkReport, &witness("opening"), 4.0);
        }
    }
    let kind = ballot
        .heaviest()
        .and_then(ReportKind::parse)
        .unwrap_or(ReportKind::Other);
    (kind, ballot.close(Some(kind.as_str())))
}

/// Returns the kind that a folded title names.
fn title_kind(cues: &Cues, title: &str) -> Option<ReportKind> {
    // A government reports on its work; on 法治政府建设 and 政府信息公开 departments do.
    let other = ["法治政府", "信息公开", "政务公开", "情况的报告"];
    if cues.government_report.is_match(title) && !other.iter().any(|word| title.contains(word)) {
        return Some(ReportKind::GovernmentWorkReport);
    }
    // Others report to a congress as well: courts on their work, governments on plan and budget.
    let court = ["法院", "检察院", "人大常委会", "常务委员会"];
    let budget = ["预算", "决算", "计划执行情况", "计划草案", "审计"];
    let names = |words: &[&str]| words.iter().any(|word| title.contains(word));
    if title.contains("工作报告") && names(&court) || title.ends_with("的报告") && names(&budget)
    {
        return Some(ReportKind::Other);
    }
    // 关于…第十个五年计划的报告 sums up nothing.
    let five_years = names(&["五年计划", "五年规划", "规划纲要", "计划纲要", "远景"]);
    if cues.summary_report.is_match(title) && !five_years {
        return Some(ReportKind::SummaryAndPlan);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn titles() {
        let schema = Schema::embedded().unwrap();
        let check = |title: &str, wanted: Option<&str>| {
            let kind = title_kind(&schema.cues, title).map(ReportKind::as_str);
            assert_eq!(kind, wanted, "{title}");
        };
        check("2023年江苏省政府工作报告", Some("政府工作报告"));
        check("湖北省人民政府2007年工作报告", Some("政府工作报告"));
        check(
            "县卫健委2023年工作总结暨2024年工作计划",
            Some("工作总结和计划"),
        );
        check(
            "区医疗保障局2023年法治政府建设工作总结",
            Some("工作总结和计划"),
        );
        check("2023年政府信息公开工作年度报告", None);
        check("XX县人民法院工作报告", Some("其他"));
        check("关于甘肃省国民经济和社会发展第十个五年计划纲要的报告", None);
        check("关于浙江省第七个五年计划的报告", None);
        check("关于一九五八年度国民经济计划草案的报告", Some("其他"));
        check("关于印发办法的通知", None);
    }
}
