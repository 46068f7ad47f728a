//! Every place of a field's bigrams, checked against what is said of bigrams and characters.

use std::collections::BTreeMap;

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::layout::{Key, broken};
use super::list::{Ascending, END};
use super::texts::Texts;

impl Texts {
    /// Hands every place of every bigram to `each`, with its document and its place therein.
    ///
    /// # Errors
    /// If the file is damaged, or what it says of bigrams or characters does not fit their places.
    pub(in crate::index) fn each(
        &self,
        mut each: impl FnMut(Key, DocId, u32),
    ) -> tantivy::Result<()> {
        let mut entries = self.entries();
        // For each document, how much oftener the current character stands there than was seen.
        let mut unseen: BTreeMap<DocId, u32> = BTreeMap::new();
        while let Some(entry) = entries.next()? {
            if let Some(character) = entries.character {
                if !unseen.is_empty() {
                    return Err(broken());
                }
                let mut holders = self.holders(&character)?;
                while holders.doc() != TERMINATED {
                    unseen.insert(holders.doc(), holders.term_freq());
                    holders.advance();
                }
            }
            let mut places = self.places(&entry)?;
            let (mut document, mut documents) = (DocId::MAX, 0);
            while places.place() != END {
                let found = self.document(places.place(), if documents > 0 { document } else { 0 });
                documents += u32::from(found != document);
                document = found;
                match unseen.get_mut(&found) {
                    Some(1) => drop(unseen.remove(&found)),
                    Some(count) => *count -= 1,
                    None => return Err(broken()),
                }
                each(entry.key, found, places.place() - self.start(found));
                places.advance();
            }
            if documents != entry.documents {
                return Err(broken());
            }
        }
        match unseen.is_empty() {
            true => Ok(()),
            false => Err(broken()),
        }
    }
}
