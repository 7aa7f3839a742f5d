//! Typed ids, vectors indexed by them, and compressed rows.
//!
//! A [`TaskId`](crate::plan::TaskId) is not a [`ResourceId`](crate::plan::ResourceId): mixing them up does not compile.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// An id: a position in the vector it belongs to, four bytes wide.
pub trait Id: Copy + Ord + fmt::Debug {
    /// The id of position `index`.
    ///
    /// # Panics
    /// If `index` does not fit into 32 bits; the readers refuse tables of that size.
    fn new(index: usize) -> Self;

    /// The position.
    fn index(self) -> usize;
}

/// Defines an id type with its documentation.
#[macro_export]
macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(u32);

        impl $crate::index::Id for $name {
            #[inline]
            fn new(index: usize) -> Self {
                $name(u32::try_from(index).expect("tables of more than 2^32 rows are refused when read"))
            }
            #[inline]
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

/// A vector indexed by an id type.
#[derive(Clone, PartialEq, Eq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    id: PhantomData<fn(I) -> I>,
}

impl<I: Id, T> IdVec<I, T> {
    /// An empty vector.
    pub const fn new() -> Self {
        IdVec { items: Vec::new(), id: PhantomData }
    }

    /// `value` for each of `len` ids.
    pub fn filled(value: T, len: usize) -> Self
    where
        T: Clone,
    {
        IdVec::from(vec![value; len])
    }

    /// Adds an item and returns its id.
    pub fn push(&mut self, item: T) -> I {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    /// The id that the next pushed item will get.
    pub fn next_id(&self) -> I {
        I::new(self.items.len())
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// Ids and items in order.
    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(index, item)| (I::new(index), item))
    }

    /// Items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Items in order, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// The item, if the id is in range.
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }

    /// The items as a slice, indexed by `id.index()`.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

impl<I, T> From<Vec<T>> for IdVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        IdVec { items, id: PhantomData }
    }
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        IdVec::from(Vec::new())
    }
}

impl<I, T: fmt::Debug> fmt::Debug for IdVec<I, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(out)
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I: Id, T> Index<Range<I>> for IdVec<I, T> {
    type Output = [T];
    #[inline]
    fn index(&self, ids: Range<I>) -> &[T] {
        &self.items[ids.start.index()..ids.end.index()]
    }
}

impl<'a, I, T> IntoIterator for &'a IdVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// Compressed rows: `row(i)` is a slice of one shared vector.
///
/// Invariant: `ends.len()` is the number of rows, `ends` never decreases, and the last end is `items.len()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { ends: Vec::new(), items: Vec::new() }
    }
}

impl<T, R: IntoIterator<Item = T>> FromIterator<R> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = R>>(of: I) -> Self {
        let mut rows = Rows::new();
        of.into_iter().for_each(|row| rows.push_row(row));
        rows
    }
}

impl<T> Rows<T> {
    /// No rows.
    pub fn new() -> Self {
        Rows::default()
    }

    /// No rows yet, with room for `rows` rows of `items` items in all.
    pub fn with_capacity(rows: usize, items: usize) -> Self {
        Rows { ends: Vec::with_capacity(rows), items: Vec::with_capacity(items) }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If the rows hold 2^32 items or more.
    pub fn push_row(&mut self, row: impl IntoIterator<Item = T>) {
        self.items.extend(row);
        self.ends.push(u32::try_from(self.items.len()).expect("rows hold fewer than 2^32 items"));
    }

    /// Distributes `(row, item)` pairs over `rows` rows, keeping the pairs' order within a row (counting sort).
    ///
    /// # Complexity
    /// Linear in rows and pairs.
    pub fn from_pairs(rows: usize, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self
    where
        T: Copy,
    {
        let mut ends = vec![0u32; rows];
        let mut first = None;
        let mut count = 0usize;
        // `for_each` runs through chained and filtered iterators much faster than a loop.
        pairs.clone().for_each(|(row, item)| {
            ends[row] += 1;
            count += 1;
            first.get_or_insert(item);
        });
        assert!(u32::try_from(count).is_ok(), "rows hold fewer than 2^32 items");
        let mut total = 0;
        for end in &mut ends {
            // Each end is first the start of its row and moves to its end as the row is filled.
            let start = total;
            total += *end;
            *end = start;
        }
        let Some(first) = first else { return Rows { ends, items: Vec::new() } };
        let mut items = vec![first; count];
        pairs.for_each(|(row, item)| {
            items[ends[row] as usize] = item;
            ends[row] += 1;
        });
        Rows { ends, items }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where row `row` stands in [`Rows::items`].
    #[inline]
    pub fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        start..self.ends[row] as usize
    }

    /// One row.
    #[inline]
    pub fn row(&self, row: usize) -> &[T] {
        &self.items[self.range(row)]
    }

    /// All rows in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[T]> + ExactSizeIterator {
        (0..self.len()).map(|row| self.row(row))
    }

    /// All items, row after row.
    #[inline]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The same, to change.
    pub fn items_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_distributed_over_rows_in_their_order() {
        let pairs = [(2, 'a'), (0, 'b'), (2, 'c'), (0, 'd')];
        let rows = Rows::from_pairs(4, pairs.iter().copied());
        assert_eq!(rows.iter().collect::<Vec<_>>(), [&['b', 'd'][..], &[], &['a', 'c'], &[]]);
    }

    #[test]
    fn pushed_rows_read_back() {
        let mut rows = Rows::new();
        rows.push_row([1, 2]);
        rows.push_row([]);
        rows.push_row([3]);
        assert_eq!(rows.row(0), [1, 2]);
        assert!(rows.row(1).is_empty());
        assert_eq!(rows.row(2), [3]);
        assert_eq!(rows.items(), [1, 2, 3]);
    }
}
