//! Lines drawn on a page → the rules of its tables.

use super::matrix::Matrix;

/// More segments in a path are a picture.
const MAX_SEGMENTS: usize = 10_000;

/// More rules on a page are none of tables.
const MAX_RULES: usize = 2_000;

/// A rule is no thicker, in points.
const THICKNESS: f32 = 3.0;

/// A rule is at least so long, in points.
const LENGTH: f32 = 4.0;

/// A straight line along or across the page, or what it bounds, in points.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rule {
    pub(super) left: f32,
    pub(super) bottom: f32,
    pub(super) right: f32,
    pub(super) top: f32,
}

impl Rule {
    fn between(from: (f64, f64), to: (f64, f64)) -> Self {
        Rule {
            left: from.0.min(to.0) as f32,
            bottom: from.1.min(to.1) as f32,
            right: from.0.max(to.0) as f32,
            top: from.1.max(to.1) as f32,
        }
    }

    fn with(self, to: (f64, f64)) -> Self {
        let point = Rule::between(to, to);
        Rule {
            left: self.left.min(point.left),
            bottom: self.bottom.min(point.bottom),
            right: self.right.max(point.right),
            top: self.top.max(point.top),
        }
    }

    /// Returns whether it is thin and long.
    fn is_rule(&self) -> bool {
        let (width, height) = (self.right - self.left, self.top - self.bottom);
        width.min(height) <= THICKNESS && width.max(height) >= LENGTH
    }

    /// Returns the rule as seen from a line that runs `drawn` quarter turns clockwise.
    pub(super) fn turned(self, drawn: u8) -> Self {
        let turn = |x: f32, y: f32| match drawn {
            0 => (x, y),
            1 => (-y, x),
            2 => (-x, -y),
            _ => (y, -x),
        };
        let (from, to) = (turn(self.left, self.bottom), turn(self.right, self.top));
        Rule {
            left: from.0.min(to.0),
            bottom: from.1.min(to.1),
            right: from.0.max(to.0),
            top: from.1.max(to.1),
        }
    }
}

/// The path that is being drawn, and the rules so far.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// Straight pieces.
    segments: Vec<Rule>,
    /// What each closed piece covers.
    areas: Vec<Rule>,
    start: (f64, f64),
    at: (f64, f64),
    pub(super) rules: Vec<Rule>,
}

impl Paths {
    pub(super) fn move_to(&mut self, x: f64, y: f64, matrix: &Matrix) {
        self.at = matrix.apply(x, y);
        self.start = self.at;
        if self.areas.len() < MAX_SEGMENTS {
            self.areas.push(Rule::between(self.at, self.at));
        }
    }

    pub(super) fn line_to(&mut self, x: f64, y: f64, matrix: &Matrix) {
        self.line(matrix.apply(x, y));
    }

    /// Ends a curve: no rule, and what it bounds is none.
    pub(super) fn curve_to(&mut self, x: f64, y: f64, matrix: &Matrix) {
        self.at = matrix.apply(x, y);
        self.areas.pop();
    }

    pub(super) fn close(&mut self) {
        self.line(self.start);
    }

    pub(super) fn rectangle(&mut self, [x, y, width, height]: [f64; 4], matrix: &Matrix) {
        self.move_to(x, y, matrix);
        self.line_to(x + width, y, matrix);
        self.line_to(x + width, y + height, matrix);
        self.line_to(x, y + height, matrix);
        self.close();
    }

    fn line(&mut self, to: (f64, f64)) {
        if self.segments.len() < MAX_SEGMENTS {
            self.segments.push(Rule::between(self.at, to));
        }
        if let Some(area) = self.areas.last_mut() {
            *area = area.with(to);
        }
        self.at = to;
    }

    /// Paints the path and ends it.
    pub(super) fn paint(&mut self, strokes: bool, fills: bool) {
        let drawn = self.segments.drain(..).filter(|_| strokes);
        let filled = self.areas.drain(..).filter(|_| fills);
        let room = MAX_RULES.saturating_sub(self.rules.len());
        self.rules
            .extend(drawn.chain(filled).filter(Rule::is_rule).take(room));
    }
}
