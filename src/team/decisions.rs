//! What has been decided about the people of a pool, and the next decision.

use super::pool::{Pool, Span, Spans};

/// What is decided about somebody: out, or in from a week and to a week of these ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    /// Has no work.
    pub(super) is_out: bool,
    /// Is paid for at least a week.
    pub(super) is_in: bool,
    /// The first week lies here, both ends included.
    first: Span,
    /// The last week lies here.
    last: Span,
    /// Unit-minutes of work that nobody else can do.
    sole: i64,
    /// Working minutes from the first to the last of it, as links say.
    stretch: i64,
}

impl Stay {
    /// Nothing decided, in so many weeks.
    pub(super) fn open(weeks: usize) -> Stay {
        Stay { is_out: false, is_in: false, first: (0, weeks - 1), last: (0, weeks - 1), sole: 0, stretch: 0 }
    }

    fn out(self) -> Stay {
        Stay { is_out: true, ..self }
    }

    /// The weeks in which there may be work.
    pub(super) fn longest(&self) -> Option<Span> {
        (!self.is_out).then_some((self.first.0, self.last.1))
    }

    /// What the weeks cost at least.
    pub(super) fn least_price(&self, pool: &Pool, person: usize) -> i64 {
        if self.is_out || !self.is_in {
            return 0;
        }
        // The cheapest weeks that have room for the work that is nobody else's.
        let (prices, offered) = (&pool.people[person].prices, &pool.people[person].offered);
        let mut least = i64::MAX;
        for from in self.first.0..=self.first.1 {
            let (mut price, mut room, mut hours) = (0, 0, 0);
            for to in from..=self.last.1 {
                price += prices[to];
                room += offered[to];
                hours += pool.hours[to];
                if to >= self.last.0 && room >= self.sole && hours >= self.stretch {
                    least = least.min(price);
                    break;
                }
            }
        }
        // Without room for it there is no schedule, which the solver is to say.
        if least == i64::MAX { 0 } else { least }
    }

    /// The two halves of a decision, the one that allows less first; none if all is decided.
    ///
    /// # Arguments
    /// `span` are the weeks of a schedule that this allows. The half that allows more allows that schedule, too.
    fn halves(self, span: Option<Span>) -> Option<(Stay, Stay)> {
        if self.is_out {
            return None;
        }
        if !self.is_in {
            return Some((self.out(), Stay { is_in: true, ..self }));
        }
        let (from, to) = span.unwrap_or_else(|| {
            let (from, to) = (self.first.0, self.last.1);
            ((from + self.first.1.min(to)) / 2, (to + self.last.0.max(from)).div_ceil(2))
        });
        let is_whole = |stay: &Stay| stay.first.0 <= stay.last.1;
        if from < self.first.1 {
            let later =
                Stay { first: (from + 1, self.first.1), last: (self.last.0.max(from + 1), self.last.1), ..self };
            let less = if is_whole(&later) { later } else { self.out() };
            return Some((less, Stay { first: (self.first.0, from), ..self }));
        }
        if to > self.last.0 {
            let earlier = Stay { first: (self.first.0, self.first.1.min(to - 1)), last: (self.last.0, to - 1), ..self };
            let less = if is_whole(&earlier) { earlier } else { self.out() };
            return Some((less, Stay { last: (to, self.last.1), ..self }));
        }
        None
    }
}

/// Decides what follows from what is decided: whoever alone is left for some work is in, in its weeks.
///
/// # Returns
/// False if there is nobody for some work.
pub(super) fn propagate(pool: &Pool, stays: &mut [Stay]) -> bool {
    stays.iter_mut().for_each(|stay| (stay.sole, stay.stretch) = (0, 0));
    // Tasks that somebody alone is left for.
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); pool.len()];
    // Another way to do a task may need others.
    let tasks = pool.tasks.iter().enumerate().filter(|(_, modes)| modes.len() == 1);
    let needs = tasks.flat_map(|(task, modes)| modes[0].iter().map(move |need| (task, need)));
    for (task, need) in needs.filter(|(_, need)| !need.has_others) {
        let is_there = |stay: &Stay| !stay.is_out && stay.first.0 <= need.latest && stay.last.1 >= need.earliest;
        let there: Vec<usize> = need.able.iter().copied().filter(|&person| is_there(&stays[person])).collect();
        let units: i64 = there.iter().map(|&person| pool.people[person].units).sum();
        if units < need.units {
            return false;
        }
        for &person in there.iter().filter(|&&person| units - pool.people[person].units < need.units) {
            let stay = &mut stays[person];
            stay.is_in = true;
            stay.first.1 = stay.first.1.min(need.latest);
            stay.last.0 = stay.last.0.max(need.earliest);
            own[person].push(task);
            if there.len() == 1 {
                stay.sole += need.minutes as i64;
            }
        }
    }
    for (stay, own) in stays.iter_mut().zip(&own).filter(|_| !pool.distances.is_empty()) {
        let pairs = own.iter().flat_map(|&from| own.iter().filter_map(move |&to| pool.distances[from][to]));
        stay.stretch = pairs.max().unwrap_or(0);
    }
    stays.iter().all(|stay| stay.is_out || stay.first.0 <= stay.first.1 && stay.last.0 <= stay.last.1)
}

/// The weeks in which there may be work.
pub(super) fn longest(stays: &[Stay]) -> Spans {
    stays.iter().map(Stay::longest).collect()
}

/// Decides something: who costs most beyond what is decided, in a schedule or at all. None if all is decided, or what
/// is not decided makes no difference to the cost of the schedule.
///
/// # Returns
/// The decision that allows less, and the one that allows more.
pub(super) fn branch(pool: &Pool, stays: &[Stay], spans: Option<&Spans>) -> Option<(Vec<Stay>, Vec<Stay>)> {
    let beyond = |person: usize| {
        let span = match spans {
            Some(spans) => spans[person],
            None => stays[person].longest(),
        };
        span.map_or(0, |span| pool.price(person, span)) - stays[person].least_price(pool, person)
    };
    let mut people: Vec<usize> = (0..pool.len()).filter(|&person| beyond(person) > 0).collect();
    people.sort_by_key(|&person| (std::cmp::Reverse(beyond(person)), person));
    people.into_iter().find_map(|person| {
        let (less, more) = stays[person].halves(spans.and_then(|spans| spans[person]))?;
        let with = |stay: Stay| {
            let mut all = stays.to_vec();
            all[person] = stay;
            all
        };
        Some((with(less), with(more)))
    })
}
