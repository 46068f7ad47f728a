//! Content of a page → its characters, each with its place in the direction of reading.
//!
//! Invariant: what is drawn counts, in any order and by any operator; forms within forms end at a
//! bounded depth.

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Dict, Name, Object, Stream, String as Bytes};
use hayro_syntax::page::{Page, Resources, Rotation};

use super::font::{Font, Fonts};
use super::glyphs::{Look, MAX_GLYPHS, Shown};
use super::matrix::Matrix;
use super::paths::{Paths, Rule};
use super::unpack::Budget;
use crate::error::{Error, ErrorKind, Result};

/// Forms within forms beyond so many are not drawn.
const MAX_FORMS: usize = 12;

/// Saved states beyond so many are not kept.
const MAX_STATES: usize = 512;

/// The clock is looked at every so many instructions.
const INSTRUCTIONS_A_CHECK: usize = 4096;

/// Reads a page.
///
/// # Errors
/// If the budget is over, or there are more characters than any page has.
pub(super) fn read<'a>(page: &Page<'a>, fonts: &mut Fonts, budget: &mut Budget) -> Result<Shown> {
    let area = page.intersected_crop_box();
    let mut reader = Reader {
        fonts,
        budget,
        shown: Shown {
            turns: match page.rotation() {
                Rotation::None => 0,
                Rotation::Horizontal => 1,
                Rotation::Flipped => 2,
                Rotation::FlippedHorizontal => 3,
            },
            area: Rule {
                left: area.x0 as f32,
                bottom: area.y0 as f32,
                right: area.x1 as f32,
                top: area.y1 as f32,
            },
            ..Shown::default()
        },
        paths: Paths::default(),
        marks: Vec::new(),
        forms: Vec::new(),
        instructions: 0,
    };
    let mut content = Vec::new();
    match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => reader.collect(&stream, &mut content)?,
        Some(Object::Array(streams)) => {
            for stream in streams.iter::<Stream<'_>>() {
                reader.collect(&stream, &mut content)?;
            }
        }
        _ => {}
    }
    reader.run(&content, page.resources(), Matrix::IDENTITY)?;
    let rules = reader.paths.rules;
    Ok(Shown {
        rules,
        ..reader.shown
    })
}

/// The part of the graphics state that text depends on.
#[derive(Debug, Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    scaling: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

/// A stretch of content that is marked.
#[derive(Debug)]
struct Mark {
    /// What it says instead of its characters.
    actual: Option<String>,
    artifact: bool,
    /// The first character in it.
    first: usize,
}

struct Reader<'r> {
    fonts: &'r mut Fonts,
    budget: &'r mut Budget,
    shown: Shown,
    paths: Paths,
    marks: Vec<Mark>,
    /// The forms that are being drawn, by the place of their bytes.
    forms: Vec<usize>,
    instructions: usize,
}

impl Reader<'_> {
    /// Adds the content of a stream; a word never goes on in the next.
    fn collect(&mut self, stream: &Stream<'_>, content: &mut Vec<u8>) -> Result<()> {
        if let Some(bytes) = self.budget.unpack(stream)? {
            content.extend_from_slice(&bytes);
            content.push(b'\n');
        }
        Ok(())
    }

    fn run(&mut self, content: &[u8], resources: &Resources<'_>, matrix: Matrix) -> Result<()> {
        use TypedInstruction as Do;
        let mut state = State {
            matrix,
            font: None,
            size: 1.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        };
        let mut saved: Vec<State> = Vec::new();
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let marks = self.marks.len();
        let mut instructions = TypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            self.instructions += 1;
            if self.instructions.is_multiple_of(INSTRUCTIONS_A_CHECK) {
                self.budget.check()?;
            }
            match instruction {
                Do::SaveState(_) if saved.len() < MAX_STATES => saved.push(state.clone()),
                Do::RestoreState(_) => {
                    if let Some(before) = saved.pop() {
                        state = before;
                    }
                }
                Do::Transform(m) => {
                    let m = [m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f64());
                    state.matrix = Matrix(m).then(&state.matrix);
                }
                Do::BeginText(_) => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                Do::CharacterSpacing(n) => state.character_spacing = n.0.as_f64(),
                Do::WordSpacing(n) => state.word_spacing = n.0.as_f64(),
                Do::HorizontalScaling(n) => state.scaling = n.0.as_f64() / 100.0,
                Do::TextLeading(n) => state.leading = n.0.as_f64(),
                Do::TextRise(n) => state.rise = n.0.as_f64(),
                Do::TextRenderingMode(n) => state.mode = n.0.as_i64(),
                Do::TextFont(font) => {
                    state.size = font.1.as_f64();
                    state.font = match resources.get_font(font.0) {
                        Some(dict) => self.fonts.get(&dict, self.budget)?,
                        None => None,
                    };
                }
                Do::SetGraphicsState(name) => {
                    let font = resources
                        .get_ext_g_state(name.0)
                        .and_then(|dict| dict.get::<hayro_syntax::object::Array<'_>>("Font"));
                    if let Some(font) = font {
                        let mut items = font.flex_iter();
                        if let Some(dict) = items.next::<Dict<'_>>() {
                            state.font = self.fonts.get(&dict, self.budget)?;
                            state.size = items.next::<f64>().unwrap_or(state.size);
                        }
                    }
                }
                Do::NextLine(d) => {
                    line = Matrix::moved(d.0.as_f64(), d.1.as_f64()).then(&line);
                    text = line;
                }
                Do::NextLineAndSetLeading(d) => {
                    state.leading = -d.1.as_f64();
                    line = Matrix::moved(d.0.as_f64(), d.1.as_f64()).then(&line);
                    text = line;
                }
                Do::NextLineUsingLeading(_) => {
                    line = Matrix::moved(0.0, -state.leading).then(&line);
                    text = line;
                }
                Do::SetTextMatrix(m) => {
                    line = Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f64()));
                    text = line;
                }
                Do::ShowText(string) => self.show(string.0.as_bytes(), &state, &mut text)?,
                Do::NextLineAndShowText(string) => {
                    line = Matrix::moved(0.0, -state.leading).then(&line);
                    text = line;
                    self.show(string.0.as_bytes(), &state, &mut text)?;
                }
                Do::ShowTextWithParameters(p) => {
                    (state.word_spacing, state.character_spacing) = (p.0.as_f64(), p.1.as_f64());
                    line = Matrix::moved(0.0, -state.leading).then(&line);
                    text = line;
                    self.show(p.2.as_bytes(), &state, &mut text)?;
                }
                Do::ShowTexts(items) => {
                    for item in items.0.iter::<Object<'_>>() {
                        match item {
                            Object::String(string) => {
                                self.show(string.as_bytes(), &state, &mut text)?;
                            }
                            Object::Number(number) => {
                                let back = -number.as_f64() / 1000.0 * state.size;
                                text = state.advance(back).then(&text);
                            }
                            _ => {}
                        }
                    }
                }
                Do::MoveTo(p) => {
                    let (x, y) = (p.0.as_f64(), p.1.as_f64());
                    self.paths.move_to(x, y, &state.matrix);
                }
                Do::LineTo(p) => {
                    let (x, y) = (p.0.as_f64(), p.1.as_f64());
                    self.paths.line_to(x, y, &state.matrix);
                }
                Do::CubicTo(p) => {
                    let (x, y) = (p.4.as_f64(), p.5.as_f64());
                    self.paths.curve_to(x, y, &state.matrix);
                }
                Do::RectPath(r) => {
                    let sides = [r.0, r.1, r.2, r.3].map(|number| number.as_f64());
                    self.paths.rectangle(sides, &state.matrix);
                }
                Do::ClosePath(_) => self.paths.close(),
                Do::StrokePath(_) => self.paths.paint(true, false),
                Do::CloseAndStrokePath(_) => {
                    self.paths.close();
                    self.paths.paint(true, false);
                }
                Do::FillPathNonZero(_)
                | Do::FillPathNonZeroCompatibility(_)
                | Do::FillPathEvenOdd(_) => self.paths.paint(false, true),
                Do::FillAndStrokeNonZero(_)
                | Do::FillAndStrokeEvenOdd(_)
                | Do::CloseFillAndStrokeNonZero(_)
                | Do::CloseFillAndStrokeEvenOdd(_) => self.paths.paint(true, true),
                Do::EndPath(_) => self.paths.paint(false, false),
                Do::XObject(name) => self.draw(name.0, resources, &state)?,
                Do::InlineImage(_) => self.shown.has_picture = true,
                Do::BeginMarkedContent(mark) => self.mark(mark.0, None),
                Do::BeginMarkedContentWithProperties(mark) => {
                    let properties = match mark.1 {
                        Object::Dict(dict) => Some(dict.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
                        _ => None,
                    };
                    self.mark(mark.0, properties.as_ref());
                }
                Do::EndMarkedContent(_) if self.marks.len() > marks => self.unmark(),
                _ => {}
            }
        }
        while self.marks.len() > marks {
            self.unmark();
        }
        Ok(())
    }

    /// Draws a form, or notes a picture.
    fn draw(&mut self, name: &Name<'_>, resources: &Resources<'_>, state: &State) -> Result<()> {
        let Some(object) = resources.get_x_object(name) else {
            return Ok(());
        };
        match object.dict().get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.shown.has_picture = true,
            Some(b"Form") => {
                let place = object.dict().data().as_ptr() as usize;
                if self.forms.len() >= MAX_FORMS || self.forms.contains(&place) {
                    return Ok(());
                }
                let Some(content) = self.budget.unpack(&object)? else {
                    return Ok(());
                };
                let own = object.dict().get::<Dict<'_>>("Resources");
                let own = own.map_or_else(|| resources.clone(), Resources::new);
                let matrix = object.dict().get::<[f64; 6]>("Matrix");
                let matrix = matrix.map_or(Matrix::IDENTITY, Matrix).then(&state.matrix);
                self.forms.push(place);
                self.run(&content, &own, matrix)?;
                self.forms.pop();
            }
            _ => {}
        }
        Ok(())
    }

    /// Shows a string and moves the text matrix behind it.
    fn show(&mut self, bytes: &[u8], state: &State, text: &mut Matrix) -> Result<()> {
        let Some(font) = state.font.clone() else {
            return Ok(());
        };
        let look = Look {
            // Filled and stroked is how programs thicken a font without a bold face.
            bold: font.bold || state.mode == 2,
            vertical: font.vertical,
            artifact: self.marks.iter().any(|mark| mark.artifact),
        };
        let fill = Matrix([
            state.size * state.scaling,
            0.0,
            0.0,
            state.size,
            0.0,
            state.rise,
        ]);
        font.decode(bytes, |shown| {
            let place = fill.then(text).then(&state.matrix);
            let em = f64::from(shown.advance);
            self.shown.push(&shown.text, &place, em, look);
            let mut move_on = em * state.size + state.character_spacing;
            if shown.is_space {
                move_on += state.word_spacing;
            }
            *text = state.advance(move_on).then(text);
        });
        if self.shown.is_full() {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("一页超过 {MAX_GLYPHS} 字，已放弃"),
                format!("a page has more than {MAX_GLYPHS} characters and was given up"),
            ));
        }
        Ok(())
    }

    fn mark(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>) {
        let actual = properties.and_then(|dict| dict.get::<Bytes<'_>>("ActualText"));
        if self.marks.len() < MAX_STATES {
            self.marks.push(Mark {
                actual: actual.map(|bytes| unicode(bytes.as_bytes())),
                artifact: tag.as_ref() == b"Artifact",
                first: self.shown.glyphs.len(),
            });
        }
    }

    /// Ends a marked stretch.
    fn unmark(&mut self) {
        let mark = self.marks.pop();
        if let Some((first, actual)) = mark.and_then(|mark| Some((mark.first, mark.actual?))) {
            self.shown.replace(first, &actual);
        }
    }
}

impl State {
    /// Returns the matrix that moves on along the line.
    fn advance(&self, by: f64) -> Matrix {
        match self.font.as_ref().is_some_and(|font| font.vertical) {
            true => Matrix::moved(0.0, -by),
            false => Matrix::moved(by * self.scaling, 0.0),
        }
    }
}

/// Decodes a text string: UTF-16 with its mark, UTF-8 with its mark, or Latin.
fn unicode(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        bytes => {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        }
    }
    .into_owned()
}
