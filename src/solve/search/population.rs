//! Islands: groups of members that mostly learn from their own kind, so that not all end up alike.
//!
//! Members of one group soon gather around one schedule. Separate groups gather around different ones, and a group that
//! has not become better for long is begun anew (Cohoon, Hegde, Martin, Richards, "Punctuated equilibria: a parallel
//! genetic algorithm", ICGA 1987). Within a group, those that fall behind give way to copies of the best, which then go
//! ways of their own.

use std::cmp::Reverse;

use rand::Rng;
use rand::seq::IteratorRandom;

use super::super::aims::Score;
use super::choice::MoveChoice;
use super::context::Member;
use crate::effort::Random;

/// Members of an island. (Hard j60 and rg300 at 1,500,000 and 200,000 passes, gap to best known: one population 0.47 % and
/// 1.02 %, islands of 20 without new beginnings 0.41 %, of 20 with them 0.09 % to 0.24 % and 0.85 %, of 40 with them 0.17 %
/// to 0.24 % and 0.82 %.)
const ISLAND_SIZE: usize = 40;
/// How often a member learns from somebody on any island.
const ABROAD_CHANCE: f64 = 0.02;
/// An island waits for something better so many times as long as it took to its best, and not less than this many passes a
/// member.
const PATIENCE: u64 = 2;
const LEAST_PATIENCE: u64 = 400;
/// After so many passes a member, one in so many of an island, the best, take the places of as many of the worst. (12 hard
/// rg300 outside of all samples, 400,000 passes, seeds 1 and 2, gap to best known: never 1.456 % and 1.445 %, after 1,000
/// passes 1.289 % and 1.255 %, half of the island 1.173 % and 1.256 %, after 500 passes 1.128 % and 1.251 %, with islands of
/// 80 members 1.187 % and 1.222 %, after 200 passes 1.351 % and 1.591 %. Later, 1.294 % and 1.277 % when room did not count
/// among the equally good, 1.177 % and 1.100 % when it did, and 1.361 % and 1.371 % with fewer critical nodes in its place.)
const TAKEOVER: u64 = 500;
const TAKEOVER_PART: usize = 4;

/// A group of members.
#[derive(Clone, Debug)]
pub struct Island {
    /// Its members.
    pub members: Vec<Member>,
    /// Which moves have been good for them.
    pub choice: MoveChoice,
    best: Score,
    /// Passes since it was begun, and how many of them had been made when it last became better.
    age: u64,
    age_of_best: u64,
}

/// All islands.
#[derive(Clone, Debug, Default)]
pub struct Population {
    /// The islands.
    pub islands: Vec<Island>,
}

impl Population {
    /// True if there is nobody.
    pub fn is_empty(&self) -> bool {
        self.islands.iter().all(|island| island.members.is_empty())
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.islands.iter().map(|island| island.members.len()).sum()
    }

    /// Puts a member onto the first island that has room, or onto a new one.
    pub fn push(&mut self, member: Member) {
        match self.islands.iter_mut().find(|island| island.members.len() < ISLAND_SIZE) {
            Some(island) => island.members.push(member),
            None => self.islands.push(Island { members: vec![member], ..Island::new() }),
        }
    }

    /// Puts a member in the place of the worst there is.
    pub fn settle(&mut self, member: Member) {
        let members = self.islands.iter_mut().flat_map(|island| &mut island.members);
        if let Some(worst) = members.max_by_key(|other| other.score) {
            *worst = member;
        }
    }

    /// Island and place on it of all members.
    pub fn places(&self) -> Vec<(usize, usize)> {
        let on_island = |(island, group): (usize, &Island)| (0..group.members.len()).map(move |place| (island, place));
        self.islands.iter().enumerate().flat_map(on_island).collect()
    }

    /// Somebody to learn from for a member of `island`.
    pub fn partner(&self, island: usize, random: &mut Random) -> &Member {
        let abroad = self.islands.len() > 1 && random.random_bool(ABROAD_CHANCE);
        let drawn = if abroad { random.random_range(0..self.islands.len()) } else { island };
        // Islands may be empty for a while, the member's own is not.
        let drawn = if self.islands[drawn].members.is_empty() { island } else { drawn };
        let members = &self.islands[drawn].members;
        &members[random.random_range(0..members.len())]
    }

    /// One of the members that are as good as `score`, if there are some.
    pub fn one_as_good(&self, score: &Score, random: &mut Random) -> Option<&Member> {
        let members = self.islands.iter().flat_map(|island| &island.members);
        members.filter(|member| member.score <= *score).choose(random)
    }

    /// Counts the passes of a round, and clears the islands that have not become better for long.
    ///
    /// # Returns
    /// Number of members that were taken away.
    pub fn grow_older(&mut self, passes_each: u64) -> u64 {
        let cleared = |island: &mut Island| {
            let members = island.members.len() as u64;
            island.note(passes_each * members);
            if !island.is_stuck() {
                return 0;
            }
            *island = Island::new();
            members
        };
        self.islands.iter_mut().map(cleared).sum()
    }
}

impl Island {
    fn new() -> Self {
        Island { members: Vec::new(), choice: MoveChoice::new(), best: Score::WORST, age: 0, age_of_best: 0 }
    }

    /// Counts passes that its members have made.
    fn note(&mut self, passes: u64) {
        let takeovers = |age: u64| age / (TAKEOVER * self.members.len().max(1) as u64);
        let is_due = takeovers(self.age) < takeovers(self.age + passes);
        self.age += passes;
        if is_due {
            self.take_over();
        }
        if let Some(best) = self.members.iter().map(|member| member.score).min().filter(|best| *best < self.best) {
            self.best = best;
            self.age_of_best = self.age;
        }
    }

    /// Puts copies of the best in the place of the worst; among equally good ones, those whose nodes have more room are
    /// better.
    fn take_over(&mut self) {
        self.members.sort_by_cached_key(|member| (member.score, Reverse(member.room())));
        let part = self.members.len() / TAKEOVER_PART;
        let kept = self.members.len() - part;
        let (others, worst) = self.members.split_at_mut(kept);
        worst.clone_from_slice(&others[..part]);
    }

    fn is_stuck(&self) -> bool {
        let patience = (PATIENCE * self.age_of_best).max(LEAST_PATIENCE * self.members.len() as u64);
        self.age - self.age_of_best > patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::found_by::FoundBy;

    fn member(makespan: i32) -> Member {
        Member {
            order: vec![0],
            modes: vec![0],
            starts: vec![0],
            finishes: vec![makespan],
            late: vec![0],
            score: Score { makespan, ..Score::WORST },
            found_by: FoundBy::Posting,
        }
    }

    #[test]
    fn members_fill_one_island_after_the_other() {
        let mut population = Population::default();
        (0..ISLAND_SIZE as i32 + 3).for_each(|makespan| population.push(member(makespan)));
        let sizes: Vec<usize> = population.islands.iter().map(|island| island.members.len()).collect();
        assert_eq!(sizes, [ISLAND_SIZE, 3]);
        assert_eq!(population.places().last(), Some(&(1, 2)));
    }

    #[test]
    fn after_a_while_the_best_take_the_places_of_the_worst() {
        let mut population = Population::default();
        (0..ISLAND_SIZE as i32).for_each(|makespan| population.push(member(makespan)));
        let makespans = |population: &Population| -> Vec<i32> {
            let mut makespans: Vec<i32> =
                population.islands[0].members.iter().map(|member| member.score.makespan).collect();
            makespans.sort_unstable();
            makespans
        };
        population.grow_older(TAKEOVER - 1);
        assert_eq!(makespans(&population), (0..ISLAND_SIZE as i32).collect::<Vec<_>>());
        population.grow_older(1);
        let best: Vec<i32> = (0..10).flat_map(|makespan| [makespan; 2]).collect();
        let others = 10..ISLAND_SIZE as i32 - ISLAND_SIZE as i32 / TAKEOVER_PART as i32;
        assert_eq!(makespans(&population), best.into_iter().chain(others).collect::<Vec<_>>());
    }

    #[test]
    fn of_the_equally_good_those_with_more_room_are_kept() {
        let mut population = Population::default();
        let with_room = |room: i32| Member { late: vec![room], ..member(7) };
        (0..ISLAND_SIZE as i32).for_each(|room| population.push(with_room(room)));
        population.grow_older(TAKEOVER);
        let rooms: Vec<i64> = population.islands[0].members.iter().map(Member::room).collect();
        let of_best = rooms.iter().filter(|&&room| room == ISLAND_SIZE as i64 - 1).count();
        assert_eq!((of_best, rooms.iter().copied().min()), (2, Some(ISLAND_SIZE as i64 / TAKEOVER_PART as i64)));
    }

    #[test]
    fn an_island_that_stays_as_it_is_is_cleared_and_filled_again() {
        let mut population = Population::default();
        (0..ISLAND_SIZE as i32 + 3).for_each(|makespan| population.push(member(makespan)));
        assert_eq!(population.grow_older(100), 0);
        // The first island becomes better now and then; the second does not.
        let mut taken = 0;
        for better in 1..=5 {
            population.islands[0].members[0] = member(-better);
            taken += population.grow_older(100);
        }
        assert_eq!((taken, population.islands[1].members.len()), (3, 0));
        population.push(member(7));
        assert_eq!(population.islands[1].members.len(), 1);
    }
}
