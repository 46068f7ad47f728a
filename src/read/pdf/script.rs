//! Characters → how lines of them are set and joined.

/// Returns whether a character is set without blanks around it: Han and its like, and the
/// punctuation that goes with them.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{e000}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}'
        // Quotes, dashes, dots, enclosed numbers: Latin fonts have some of them as well.
        | '‘' | '’' | '“' | '”' | '—' | '―' | '…' | '·' | '‰' | '℃' | '№' | '→'
        | '\u{2460}'..='\u{24ff}'
        | '\u{2500}'..='\u{25ff}')
}

/// Returns whether a character never begins a line.
pub(super) fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '》'
            | '〉'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '”'
            | '’'
            | '％'
            | '‰'
            | ','
            | '.'
            | ';'
            | ':'
            | '?'
            | '!'
            | ')'
            | ']'
            | '%'
    )
}

/// Returns whether a character never ends a line.
pub(super) fn opens(c: char) -> bool {
    matches!(
        c,
        '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '“' | '‘' | '(' | '['
    )
}

/// Returns whether a text ends a sentence, or introduces a list.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text
        .trim_end()
        .trim_end_matches(['”', '’', '）', ')', '』', '」', '》']);
    text.ends_with(['。', '！', '？', '；', '：', '!', '?', ';', ':'])
        || (text.ends_with('.') && !text.ends_with("..."))
}

/// Returns whether a line opens with a number or a mark that items and headings open with.
pub(super) fn opens_item(text: &str) -> bool {
    const HAN: &str = "〇零一二三四五六七八九十百";
    let text = text.trim_start();
    let is_number = |c: char| HAN.contains(c) || c.is_ascii_digit() || ('０'..='９').contains(&c);
    let behind = |text: &str| text.trim_start_matches(is_number).len();
    let Some(first) = text.chars().next() else {
        return false;
    };
    match first {
        '（' | '(' | '〔' | '[' => {
            let inside = &text[first.len_utf8()..];
            let rest = &inside[inside.len() - behind(inside)..];
            rest.len() < inside.len() && rest.starts_with(['）', ')', '〕', ']'])
        }
        '第' => {
            let inside = &text[first.len_utf8()..];
            let rest = &inside[inside.len() - behind(inside)..];
            rest.len() < inside.len() && rest.starts_with(['章', '节', '条', '部', '篇'])
        }
        '\u{2460}'..='\u{24ff}' | '•' | '●' | '■' | '◆' | '★' | '—' => true,
        c if is_number(c) => {
            let rest = &text[text.len() - behind(text)..];
            match rest.chars().next() {
                Some('、' | '．') => true,
                // 6.5 and 1,300 are figures.
                Some('.') => !rest[1..].starts_with(|c: char| c.is_ascii_digit()),
                Some('）' | ')') => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Adds the next line of a paragraph: with a blank between words of Latin letters, without the
/// hyphen that a word was broken by.
pub(super) fn join(text: &mut String, next: &str) {
    while text.ends_with(char::is_whitespace) {
        text.pop();
    }
    let next = next.trim_start();
    let (Some(last), Some(first)) = (text.chars().next_back(), next.chars().next()) else {
        text.push_str(next);
        return;
    };
    let before = text.chars().rev().nth(1);
    let is_broken = last == '\u{ad}'
        || (matches!(last, '-' | '\u{2010}')
            && before.is_some_and(char::is_lowercase)
            && first.is_lowercase());
    if is_broken {
        text.pop();
    } else if !is_wide(last) && !is_wide(first) && last != '-' && last != '/' {
        text.push(' ');
    }
    text.push_str(next);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_as_their_script_asks() {
        let check = |lines: &[&str], expected: &str| {
            let mut text = String::new();
            lines.iter().for_each(|line| join(&mut text, line));
            assert_eq!(text, expected);
        };
        check(&["全县经济", "平稳运行"], "全县经济平稳运行");
        check(&["开展 health", "care 行动"], "开展 health care 行动");
        check(&["增长", "6.5%，完成"], "增长6.5%，完成");
        check(&["共 12", "个项目"], "共 12个项目");
        check(&["develop-", "ment"], "development");
        check(&["develop\u{ad}", "Ment"], "developMent");
        check(&["PM2.5-", "2024"], "PM2.5-2024");
        check(&["全县 ", " 经济"], "全县经济");
    }

    #[test]
    fn items_open_with_numbers_and_marks() {
        let items = [
            "一、回顾",
            "（二）抓项目",
            "(3) 项目",
            "1．农业",
            "12. 工业",
            "第三章 总则",
            "①农业",
            "2）工业",
            "[1]注",
            "3、民生",
        ];
        for item in items {
            assert!(opens_item(item), "{item}");
        }
        for text in [
            "一是抓项目",
            "2023年",
            "6.5%",
            "第三产业",
            "（以下简称",
            "1,300万元",
            "",
            "十四五时期",
        ] {
            assert!(!opens_item(text), "{text}");
        }
    }
}
