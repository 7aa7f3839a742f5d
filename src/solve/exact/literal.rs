//! Bounds of integer variables as literals.
//!
//! A variable has two sides: its lower bound, and its upper bound with the sign turned round. Both only ever rise while
//! the search goes deeper, so that whatever holds for one holds for the other, and a literal is always of the form
//! "this side is at least so much".

/// A side of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side(u32);

impl Side {
    /// The lower bound of a variable.
    #[inline]
    pub fn lower(variable: u32) -> Side {
        Side(2 * variable)
    }

    /// The upper bound of a variable, the sign turned round.
    #[inline]
    pub fn upper(variable: u32) -> Side {
        Side(2 * variable + 1)
    }

    /// Its variable.
    #[inline]
    pub fn variable(self) -> u32 {
        self.0 / 2
    }

    /// True of a lower bound.
    #[inline]
    pub fn is_lower(self) -> bool {
        self.0 & 1 == 0
    }

    /// The other side of the variable.
    #[inline]
    pub fn opposite(self) -> Side {
        Side(self.0 ^ 1)
    }

    /// Its place among all sides.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The statement that a side is at least `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Literal {
    /// The side.
    pub side: Side,
    /// What it is at least.
    pub value: i32,
}

impl Literal {
    /// The variable is at least `value`.
    #[inline]
    pub fn at_least(variable: u32, value: i32) -> Literal {
        Literal { side: Side::lower(variable), value }
    }

    /// The variable is at most `value`.
    #[inline]
    pub fn at_most(variable: u32, value: i32) -> Literal {
        Literal { side: Side::upper(variable), value: -value }
    }

    /// The contrary.
    #[inline]
    pub fn negated(self) -> Literal {
        Literal { side: self.side.opposite(), value: 1 - self.value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrary_of_at_least_is_at_most_one_less() {
        assert_eq!(Literal::at_least(3, 7).negated(), Literal::at_most(3, 6));
        assert_eq!(Literal::at_most(3, -2).negated(), Literal::at_least(3, -1));
        assert_eq!(Literal::at_least(0, 5).negated().negated(), Literal::at_least(0, 5));
    }
}
