//! The working time of tasks and lags as numbered patterns, and the axis that they share.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::super::pattern::{Pattern, aligned, week_of, week_start};
use super::super::worktable::{WorkTable, minutes_before};
use super::super::{Axis, CalendarIndex, EVERY_SLOT};
use super::Use;
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::Id;
use crate::plan::{CalendarId, Plan, ResourceId};
use crate::units::{MINUTES_PER_WEEK, Minutes, Moment};

/// The number of a pattern; equal patterns have equal numbers.
pub(super) type PatternId = u32;
/// The pattern of the clock.
pub(super) const CLOCK: PatternId = 0;
/// Above so many runs in all tables together the axis follows the clock, on which tables need no runs of the axis.
const MOST_RUNS: usize = 4_000_000;
/// Stretches that are spelled out in each calendar, for each task of the plan: long plans have many tasks, and for few
/// questions the effort does not pay.
const STRETCHES_PER_TASK: usize = 8;
/// More are not spelled out in a calendar: thirty years of two shifts a day.
const MOST_STRETCHES: usize = 16_384;
/// Nor in all calendars together (people's absences combine to thousands).
const ALL_STRETCHES: usize = 1_000_000;
/// Fewer reach too short a time to be worth the look.
const LEAST_STRETCHES: usize = 250;

/// The patterns that a plan uses, made when first asked for.
pub(super) struct Calendars<'a> {
    plan: &'a Plan,
    patterns: Vec<Pattern>,
    numbers: FxHashMap<Pattern, PatternId>,
    of_calendar: Vec<Option<PatternId>>,
    of_resource: Vec<Option<PatternId>>,
    of_set: FxHashMap<Vec<PatternId>, PatternId>,
    /// By what is cut and the most minutes in a week.
    of_weeks: FxHashMap<(PatternId, i64), PatternId>,
    /// For each pattern those it is the common time of, as far as known; empty if it is no such one.
    wider: Vec<Vec<PatternId>>,
    used: Vec<bool>,
}

impl<'a> Calendars<'a> {
    pub(super) fn new(plan: &'a Plan) -> Calendars<'a> {
        let mut calendars = Calendars {
            plan,
            patterns: Vec::new(),
            numbers: FxHashMap::default(),
            of_calendar: vec![None; plan.calendars().len()],
            of_resource: vec![None; plan.resources().len()],
            of_set: FxHashMap::default(),
            of_weeks: FxHashMap::default(),
            wider: Vec::new(),
            used: Vec::new(),
        };
        calendars.number(Pattern::always());
        calendars
    }

    fn number(&mut self, pattern: Pattern) -> PatternId {
        *self.numbers.entry(pattern).or_insert_with_key(|pattern| {
            self.patterns.push(pattern.clone());
            self.wider.push(Vec::new());
            self.used.push(false);
            self.patterns.len() as PatternId - 1
        })
    }

    /// Says that something is scheduled on the pattern, so that the axis must show it.
    pub(super) fn mark_used(&mut self, pattern: PatternId) {
        self.used[pattern as usize] = true;
    }

    /// True if a pattern offers work at or after a moment.
    pub(super) fn works_after(&self, pattern: PatternId, moment: Moment) -> bool {
        let pattern = &self.patterns[pattern as usize];
        pattern.is_endless() || WorkTable::of_minutes(pattern).next_start(moment.0).is_some()
    }

    /// The working time of a calendar.
    pub(super) fn of_calendar(&mut self, calendar: CalendarId) -> PatternId {
        if let Some(known) = self.of_calendar[calendar.index()] {
            return known;
        }
        let pattern = self.number(Pattern::of_calendar(&self.plan.calendars()[calendar]));
        self.of_calendar[calendar.index()] = Some(pattern);
        pattern
    }

    /// The working time of the project calendar.
    pub(super) fn of_project(&mut self) -> PatternId {
        self.of_calendar(self.plan.project().calendar)
    }

    /// The working time of a work resource: its calendar, less the time in which no unit of it is there.
    pub(super) fn of_resource(&mut self, resource: ResourceId) -> PatternId {
        if let Some(known) = self.of_resource[resource.index()] {
            return known;
        }
        let calendar = self.of_calendar(self.plan.calendar_of(resource));
        let pattern = match Pattern::of_presence(&self.plan.resources()[resource]) {
            Some(presence) => {
                let pattern = self.patterns[calendar as usize].and(&presence);
                self.number(pattern)
            }
            None => calendar,
        };
        self.of_resource[resource.index()] = Some(pattern);
        pattern
    }

    /// The time before a moment.
    pub(super) fn until(&mut self, moment: Moment) -> PatternId {
        self.number(Pattern::until(moment))
    }

    /// What a pattern offers to those who work no more than so many minutes in a week: of each week the first ones.
    pub(super) fn with_weeks_of(&mut self, pattern: PatternId, most: i64) -> PatternId {
        if let Some(&known) = self.of_weeks.get(&(pattern, most)) {
            return known;
        }
        let whole = &self.patterns[pattern as usize];
        let cut = (whole.longest_week() > most).then(|| whole.with_weeks_of(most));
        let number = cut.map_or(pattern, |cut| self.number(cut));
        if number != pattern {
            self.wider[number as usize].push(pattern);
        }
        self.of_weeks.insert((pattern, most), number);
        number
    }

    /// The most minutes in a week in which any of several patterns works.
    pub(super) fn longest_week(&self, set: &[PatternId]) -> i64 {
        match *set {
            [only] => self.patterns[only as usize].longest_week(),
            _ => self.of_any(set).map_or(0, |pattern| pattern.longest_week()),
        }
    }

    /// The time at which all of several patterns work; `set` is put in order.
    pub(super) fn of_all(&mut self, set: &mut Vec<PatternId>) -> PatternId {
        set.sort_unstable();
        set.dedup();
        match set[..] {
            [] => CLOCK,
            [only] => only,
            _ => {
                if let Some(&known) = self.of_set.get(set.as_slice()) {
                    return known;
                }
                let [first, rest @ ..] = &set[..] else { return CLOCK };
                let both = rest.iter().fold(self.patterns[*first as usize].clone(), |both, &next| {
                    both.and(&self.patterns[next as usize])
                });
                let pattern = self.number(both);
                self.wider[pattern as usize].extend(set.iter().filter(|&&part| part != pattern));
                self.of_set.insert(set.clone(), pattern);
                pattern
            }
        }
    }

    /// The axis on which every used pattern can be shown, with slots of one minute.
    pub(super) fn axis(&self) -> MinuteAxis<'_> {
        let numbers: Vec<PatternId> =
            self.used.iter().zip(0..).filter(|(used, _)| **used).map(|(_, number)| number).collect();
        let used: Vec<&Pattern> = numbers.iter().map(|&number| &self.patterns[number as usize]).collect();
        let mut pattern = self.of_any(&numbers).unwrap_or_else(Pattern::always);
        if !pattern.is_endless() || pattern.runs().len() * used.len() > MOST_RUNS {
            pattern = Pattern::always();
        }
        let table = WorkTable::of_minutes(&pattern);
        let origin_work = table.work(self.plan.project().start.0);
        MinuteAxis { calendars: self, used, pattern, table, origin_work }
    }

    /// The time at which any of several patterns works; none if there are none.
    fn of_any(&self, set: &[PatternId]) -> Option<Pattern> {
        let mut is_in = FixedBitSet::with_capacity(self.patterns.len());
        is_in.extend(set.iter().map(|&number| number as usize));
        let is_widest =
            |number: &&PatternId| !self.wider[**number as usize].iter().any(|&one| is_in.contains(one as usize));
        let widest: Vec<&Pattern> =
            set.iter().filter(is_widest).map(|&number| &self.patterns[number as usize]).collect();
        union(&widest)
    }
}

/// The minutes that belong to any of the patterns, joined in pairs so that the effort stays in proportion.
fn union(patterns: &[&Pattern]) -> Option<Pattern> {
    match patterns {
        [] => None,
        [only] => Some((*only).clone()),
        _ if patterns.iter().any(|pattern| pattern.is_always()) => Some(Pattern::always()),
        _ => {
            let (left, right) = patterns.split_at(patterns.len() / 2);
            Some(union(left)?.or(&union(right)?))
        }
    }
}

/// The axis before the length of its slots is known.
pub(super) struct MinuteAxis<'a> {
    calendars: &'a Calendars<'a>,
    used: Vec<&'a Pattern>,
    pattern: Pattern,
    table: WorkTable,
    origin_work: i64,
}

/// The axis, its calendars, and where each pattern stands among them.
pub(super) struct CompiledCalendars {
    pub(super) axis: Axis,
    pub(super) tables: Vec<WorkTable>,
    /// For each pattern that is used; [`EVERY_SLOT`] for the others.
    pub(super) index: Vec<CalendarIndex>,
    /// For each group of patterns the calendar that works when any of them does.
    pub(super) groups: Vec<CalendarIndex>,
}

impl MinuteAxis<'_> {
    /// Working minutes of the axis from the project start to a moment.
    pub(super) fn minutes_to(&self, moment: Moment) -> i64 {
        self.table.work(moment.0) - self.origin_work
    }

    /// Makes `divisor` divide the position at which each week begins.
    pub(super) fn fold_weeks(&self, divisor: &mut Divisor) {
        let start = self.calendars.plan.project().start.0;
        divisor.fold(self.origin_work - self.table.work(week_start(week_of(start))));
        for (_, spans) in self.pattern.runs() {
            divisor.fold(minutes_before(spans, MINUTES_PER_WEEK as u16));
        }
    }

    /// Makes `divisor` divide every edge of every calendar that differs from the axis.
    pub(super) fn fold_edges(&self, divisor: &mut Divisor) {
        let irregular: Vec<&Pattern> = self.used.iter().copied().filter(|pattern| **pattern != self.pattern).collect();
        if irregular.is_empty() {
            return;
        }
        self.fold_weeks(divisor);
        for pattern in irregular {
            for (_, spans, axis_spans) in aligned(pattern, &self.pattern) {
                if divisor.is_one() {
                    return;
                }
                for &(start, finish) in spans {
                    divisor.fold(minutes_before(axis_spans, start));
                    divisor.fold(minutes_before(axis_spans, finish));
                }
            }
        }
    }

    /// Cuts the axis into slots.
    ///
    /// # Arguments
    /// `groups` are sets of patterns in use for whose union a calendar is wanted as well.
    ///
    /// # Errors
    /// [`Error::is_invalid_plan`] if there are more calendars than [`CalendarIndex`] can number.
    pub(super) fn with_slots(
        self,
        slot_minutes: i64,
        groups: &[Vec<PatternId>],
        purpose: Use,
    ) -> Result<CompiledCalendars> {
        let mut tables = vec![WorkTable::always()];
        let slot_at_week = |week: i64| (self.table.work(week_start(week)) - self.origin_work) / slot_minutes;
        let mut compiled: FxHashMap<Pattern, CalendarIndex> = FxHashMap::default();
        let mut compile = |pattern: &Pattern| -> Result<CalendarIndex> {
            if *pattern == self.pattern {
                return Ok(EVERY_SLOT);
            }
            if let Some(&known) = compiled.get(pattern) {
                return Ok(known);
            }
            let Ok(position) = CalendarIndex::try_from(tables.len()) else {
                let text = "tasks and their people have more than 65,535 different working times";
                let finding = Finding::error("too-many-calendars", Place::file("calendars.csv"), text);
                return Err(Error::invalid_plan(Findings::from_iter([finding])));
            };
            tables.push(WorkTable::on_axis(pattern, &self.pattern, slot_minutes, slot_at_week));
            compiled.insert(pattern.clone(), position);
            Ok(position)
        };
        let mut index = vec![EVERY_SLOT; self.calendars.patterns.len()];
        for (number, pattern) in self.calendars.patterns.iter().enumerate() {
            if self.calendars.used[number] {
                index[number] = compile(pattern)?;
            }
        }
        let mut of_groups = Vec::with_capacity(groups.len());
        for group in groups {
            of_groups.push(self.calendars.of_any(group).map_or(Ok(EVERY_SLOT), |pattern| compile(&pattern))?);
        }
        let per_task = STRETCHES_PER_TASK.saturating_mul(self.calendars.plan.tasks().len());
        let near = |tables: usize| per_task.min(MOST_STRETCHES).min(ALL_STRETCHES / tables.max(1));
        let is_shared = |position: usize| of_groups.iter().any(|&shared| usize::from(shared) == position);
        // Where they are too many for all, those that all users of a resource share: they are asked most often.
        let (near, for_all) = match near(tables.len()) {
            too_few if too_few < LEAST_STRETCHES => (near(of_groups.len()), false),
            enough => (enough, true),
        };
        if near >= LEAST_STRETCHES && purpose == Use::Search {
            let numbered = tables.into_iter().enumerate();
            let spelled = |(at, table): (usize, WorkTable)| {
                if for_all || is_shared(at) { table.with_near(near) } else { table }
            };
            tables = numbered.map(spelled).collect();
        }
        let axis = Axis { slot_minutes: Minutes(slot_minutes), table: self.table, origin_work: self.origin_work };
        Ok(CompiledCalendars { axis, tables, index, groups: of_groups })
    }
}

/// The greatest common divisor of what has been folded in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Divisor(i64);

impl Divisor {
    /// A divisor that stays one.
    pub(super) const ONE: Divisor = Divisor(1);

    /// Takes a number in; negative ones count like positive ones.
    #[inline]
    pub(super) fn fold(&mut self, number: i64) {
        if self.0 == 1 || number == 0 || (self.0 != 0 && number % self.0 == 0) {
            return;
        }
        let (mut a, mut b) = (self.0, number.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        self.0 = a;
    }

    /// True if nothing can make it smaller.
    pub(super) fn is_one(self) -> bool {
        self.0 == 1
    }

    /// The divisor; one if nothing was taken in.
    pub(super) fn value(self) -> i64 {
        self.0.max(1)
    }
}
