//! What a part of a package refers to, and by what name.

use crate::error::Result;
use crate::read::Limits;
use crate::read::package::Package;
use crate::read::xml::Xml;

/// What a part refers to.
#[derive(Debug)]
pub(super) struct Relation {
    /// Name by which the part's text refers to it.
    pub(super) id: String,
    /// Last word of its type: `styles`, `footnotes`.
    pub(super) kind: String,
    /// Path of the part.
    pub(super) target: String,
}

/// Returns the path of the main part: as the container states it, or else by its usual name.
pub(super) fn main_part(package: &mut Package<'_>, limits: Limits) -> Option<String> {
    let stated = relations(package, "", limits)
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.target)
        .filter(|target| package.contains(target));
    let is_usual = |path: &&str| path.starts_with("word/document") && path.ends_with(".xml");
    stated.or_else(|| package.paths().filter(is_usual).min().map(str::to_owned))
}

/// Returns what a part refers to; nothing if that cannot be read. The container itself is the part
/// without a path.
pub(super) fn relations(package: &mut Package<'_>, part: &str, limits: Limits) -> Vec<Relation> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let path = format!("{folder}/_rels/{name}.rels");
    match package.text(&path) {
        Ok(Some(text)) => read(&text, folder, limits).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn read(text: &str, folder: &str, limits: Limits) -> Result<Vec<Relation>> {
    let mut relations = Vec::new();
    let mut xml = Xml::new(text, limits);
    if xml.child()?.is_none() {
        return Ok(relations);
    }
    while let Some(element) = xml.child()? {
        let attribute = |name| element.attribute(name).unwrap_or_default();
        if element.name() == "Relationship" && attribute("TargetMode") != "External" {
            relations.push(Relation {
                id: attribute("Id").into_owned(),
                kind: attribute("Type")
                    .rsplit('/')
                    .next()
                    .unwrap_or("")
                    .to_owned(),
                target: resolve(folder, &attribute("Target")),
            });
        }
        xml.skip()?;
    }
    Ok(relations)
}

/// Returns the path that a reference means, from the folder of the part that makes it.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        assert_eq!(resolve("word", "styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "/word/styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "../a/b.xml"), "a/b.xml");
        assert_eq!(
            resolve("", "..\\..\\word\\document.xml"),
            "word/document.xml"
        );
    }
}
