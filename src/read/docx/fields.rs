//! Field characters in reading order → whether text is an instruction, a result, a table of contents.

/// Fields stand in fields so deep; what is deeper counts as text.
const MAX_OPEN: usize = 32;

/// A field that is open.
#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// Whether its result has begun.
    shows: bool,
}

/// The fields that are open.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    /// Whether the paragraph holds a piece of a table of contents.
    contents: bool,
    /// Whether the paragraph refers to a page.
    page: bool,
}

impl Fields {
    /// Begins a field.
    pub(super) fn begin(&mut self) {
        if self.open.len() < MAX_OPEN {
            self.open.push(Field::default());
        }
    }

    /// Adds to the instruction of the innermost field.
    pub(super) fn instruct(&mut self, text: &str) {
        self.page |= text.contains("PAGEREF");
        if let Some(field) = self.open.last_mut().filter(|field| !field.shows) {
            // The first word tells what the field is.
            field.instruction.extend(text.chars().take(64));
        }
    }

    /// Begins the result of the innermost field.
    pub(super) fn separate(&mut self) {
        if let Some(field) = self.open.last_mut() {
            field.shows = true;
        }
        self.contents |= self.in_contents();
    }

    /// Ends the innermost field.
    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    /// Returns whether text at this place is part of an instruction.
    pub(super) fn hide(&self) -> bool {
        self.open.iter().any(|field| !field.shows)
    }

    /// Ends a paragraph and returns whether it held a piece of a table of contents, and whether it
    /// referred to a page. An instruction that it leaves open is over, so that a damaged one does
    /// not hide the rest of the document.
    pub(super) fn end_paragraph(&mut self) -> (bool, bool) {
        let held = (self.contents, self.page);
        for field in &mut self.open {
            field.shows = true;
        }
        (self.contents, self.page) = (self.in_contents(), false);
        held
    }

    fn in_contents(&self) -> bool {
        self.open.iter().any(|field| {
            let word = field.instruction.split_whitespace().next();
            field.shows && word.is_some_and(|word| word.eq_ignore_ascii_case("TOC"))
        })
    }
}
