//! Affine maps of the plane, as content streams write them.

/// `[a b c d e f]`: x' = ax + cy + e, y' = bx + dy + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Returns the map that moves by a distance.
    pub(super) fn moved(x: f64, y: f64) -> Self {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Returns where a point comes to lie.
    pub(super) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let Matrix([a, b, c, d, e, f]) = *self;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Returns the map that does this one first, then another.
    pub(super) fn then(&self, next: &Matrix) -> Matrix {
        let Matrix([a, b, c, d, e, f]) = *self;
        let Matrix([p, q, r, s, x, y]) = *next;
        Matrix([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + x,
            e * q + f * s + y,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_follow_each_other() {
        let double = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        let right = Matrix::moved(3.0, 4.0);
        assert_eq!(right.then(&double), Matrix([2.0, 0.0, 0.0, 2.0, 6.0, 8.0]));
        assert_eq!(double.then(&right), Matrix([2.0, 0.0, 0.0, 2.0, 3.0, 4.0]));
        assert_eq!(double.then(&Matrix::IDENTITY), double);
    }
}
