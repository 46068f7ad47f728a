//! Pixels, with letters of a bitmap font that is a part of the program: no font of the machine is
//! looked for, so that a chart is the same everywhere, Chinese included.
//!
//! The letters are those of GNU Unifont, 16 pixels high (`unifont-bitmap`, 0.9 MB; the font is
//! under the SIL Open Font License 1.1, or the GPL with an exception for embedding).

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use unifont_bitmap::Unifont;

/// Pixels of a letter from top to bottom.
const HEIGHT: usize = 16;
/// A style of this size has letters of 16 pixels: the same as the SVG writer makes of it.
pub(super) const SIZE: f64 = 16.0 * 1.24;

type Drawn = std::result::Result<(), DrawingErrorKind<Infallible>>;

/// An RGB picture that is drawn on.
pub(super) struct Canvas<'a> {
    /// Three bytes a pixel, row by row.
    pixels: &'a mut [u8],
    size: (u32, u32),
    font: Unifont,
}

impl<'a> Canvas<'a> {
    /// Takes `3 * width * height` bytes to draw on.
    pub(super) fn new(pixels: &'a mut [u8], size: (u32, u32)) -> Self {
        Canvas {
            pixels,
            size,
            font: Unifont::open(),
        }
    }
}

/// Returns how many times letters are enlarged.
fn scale(size: f64) -> usize {
    ((size / SIZE).round() as usize).max(1)
}

/// Returns the pixels of a letter from left to right: those of its columns on a screen.
fn width(letter: char) -> usize {
    use unicode_width::UnicodeWidthChar;
    letter.width().unwrap_or(0) * HEIGHT / 2
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
            return Ok(());
        };
        if x >= self.size.0 || y >= self.size.1 {
            return Ok(());
        }
        let at = 3 * (y as usize * self.size.0 as usize + x as usize);
        let (red, green, blue) = color.rgb;
        if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
            for (below, above) in pixel.iter_mut().zip([red, green, blue]) {
                let mixed =
                    f64::from(*below) * (1.0 - color.alpha) + f64::from(above) * color.alpha;
                *below = mixed.round() as u8;
            }
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        let scale = scale(style.size());
        let (columns, rows) = self.estimate_text_size(text, style)?;
        let left = match style.anchor().h_pos {
            HPos::Left => 0,
            HPos::Center => -(columns as i32) / 2,
            HPos::Right => -(columns as i32),
        };
        let top = match style.anchor().v_pos {
            VPos::Top => 0,
            VPos::Center => -(rows as i32) / 2,
            VPos::Bottom => -(rows as i32),
        };
        let (turned, color) = (style.transform(), style.color());
        let mut begins = 0;
        for letter in text.chars() {
            let bitmap = self.font.load_bitmap(u32::from(letter));
            let across = if bitmap.is_wide() { 2 } else { 1 };
            let bytes = bitmap.get_bytes().to_vec();
            for row in 0..HEIGHT * scale {
                for column in 0..8 * across * scale {
                    let (from_top, from_left) = (row / scale, column / scale);
                    let byte = bytes.get(from_top * across + from_left / 8).copied();
                    if byte.unwrap_or(0) & (0x80 >> (from_left % 8)) != 0 {
                        let place = (left + (begins + column) as i32, top + row as i32);
                        let (right, down) = turned.transform(place.0, place.1);
                        self.draw_pixel((x + right, y + down), color)?;
                    }
                }
            }
            begins += width(letter) * scale;
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> std::result::Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let scale = scale(style.size());
        let columns: usize = text.chars().map(width).sum();
        Ok(((columns * scale) as u32, (HEIGHT * scale) as u32))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        plotters_backend::rasterizer::draw_rect(self, from, to, style, fill)
    }
}
