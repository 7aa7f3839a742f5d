//! Propagation to a fixed point, and why anything follows.

use super::choices;
use super::energy::Move;
use super::kernel::Kernel;
use super::literal::Literal;
use super::nogoods::Visit;
use super::tasks::Task;
use super::trace::Cause;
use super::trail::Reason;
use crate::solve::sgs::Word;

impl<W: Word> Kernel<W> {
    /// Draws all consequences.
    ///
    /// # Errors
    /// A conflict, left in `conflict`.
    pub(super) fn propagate(&mut self) -> Result<(), ()> {
        loop {
            while self.settled < self.trail.len() {
                let side = self.trail.entry(self.settled as u32).side;
                self.settled += 1;
                let (old, new) = (self.seen[side.index()], self.trail.bound(side));
                if old >= new {
                    continue;
                }
                self.seen[side.index()] = new;
                for place in 0..self.precedence.pushes(side).len() {
                    let push = self.precedence.pushes(side)[place];
                    let literal = Literal { side: push.to, value: new + push.more };
                    if !self.trail.is_true(literal) {
                        self.raise(literal, Reason::Distance(push.distance))?;
                    }
                }
                for place in 0..self.lags.of(side).len() {
                    let lag = self.lags.of(side)[place];
                    let pushed = self.lags.push(lag, Literal { side, value: new });
                    if let Some(literal) = pushed.filter(|&literal| !self.trail.is_true(literal)) {
                        self.raise(literal, Reason::Lag(lag))?;
                    }
                }
                match self.nogoods.visit(side, old, &mut self.trail) {
                    Visit::Done => {}
                    Visit::Conflict(nogood) => {
                        self.conflict.clear();
                        self.conflict.extend_from_slice(self.nogoods.literals(nogood));
                        self.conflict_cause = Cause::Nogood(nogood);
                        return Err(());
                    }
                    Visit::Clash(nogood, literal) => return self.clash(literal, Reason::Nogood(nogood)),
                }
                self.propagate_task(side.variable())?;
            }
            self.order_rivals()?;
            if self.settled < self.trail.len() {
                continue;
            }
            if let Err((literal, slot)) = self.timetable.filter(&self.tasks, &mut self.trail) {
                return self.clash(literal, Reason::Slot(slot));
            }
            if self.settled < self.trail.len() {
                continue;
            }
            if let Err((literal, clique)) = self.cliques.filter(&self.tasks, &mut self.trail) {
                return self.clash(literal, Reason::Clique(clique));
            }
            if self.settled < self.trail.len() {
                continue;
            }
            if let Some(total) = self.blend {
                if let Err(literal) = self.totals.keep(total, &self.tasks, &mut self.trail) {
                    return self.clash(literal, Reason::Total(total));
                }
                if self.settled < self.trail.len() {
                    continue;
                }
            }
            // What a turn leaves behind is not looked at again in the next one.
            if self.weighed != Some(self.trail.len()) {
                self.weigh()?;
                if self.settled < self.trail.len() {
                    continue;
                }
                self.weighed = Some(self.trail.len());
            }
            return Ok(());
        }
    }

    /// Draws the consequences of a variable of a task, or of an order of two, having become narrower.
    #[inline]
    fn propagate_task(&mut self, variable: u32) -> Result<(), ()> {
        self.refresh_totals(variable);
        let number = self.owners[variable as usize];
        let Some(task) = self.tasks.get(number as usize) else { return self.propagate_order(variable) };
        self.rivals.refresh(number, &self.trail);
        self.cliques.touch(number);
        if let Err(slot) = self.timetable.grow(number, task, &self.trail) {
            self.conflict.clear();
            self.timetable.explain_overload(&self.tasks, slot, &self.trail, &mut self.conflict);
            self.conflict_cause = Cause::Overload(slot);
            return Err(());
        }
        if let Task::Multi(choice) = task {
            if let Err(literal) = choices::settle(number, choice, &mut self.trail) {
                return self.clash(literal, Reason::Choice(number));
            }
            // Starts and finishes say nothing of totals.
            let concerned = if variable > choice.finish { self.totals.of(number).len() } else { 0 };
            for place in 0..concerned {
                let total = self.totals.of(number)[place];
                if let Err(literal) = self.totals.keep(total, &self.tasks, &mut self.trail) {
                    return self.clash(literal, Reason::Total(total));
                }
            }
        }
        self.wait(number);
        Ok(())
    }

    /// Draws the consequences of an order that has become known, if the variable is one.
    fn propagate_order(&mut self, variable: u32) -> Result<(), ()> {
        let Some(pair) = self.rivals.refresh_order(variable, &self.trail) else { return Ok(()) };
        if let Err((literal, reason)) = self.rivals.chain(pair, &mut self.trail) {
            return self.clash(literal, reason);
        }
        self.wait(pair.0);
        Ok(())
    }

    /// Lets a task wait to be compared with its rivals.
    fn wait(&mut self, task: u32) {
        if !std::mem::replace(&mut self.is_waiting[task as usize], true) {
            self.waiting.push(task);
        }
    }

    /// Takes in which modes of a task are possible, if a variable of it says something of that.
    #[inline]
    pub(super) fn refresh_totals(&mut self, variable: u32) {
        let number = self.owners[variable as usize];
        if let Some(Task::Multi(choice)) = self.tasks.get(number as usize)
            && variable > choice.finish
        {
            self.totals.refresh(number, choice, &self.trail);
        }
    }

    /// Looks for windows with too much work, where that is worth its time.
    fn weigh(&mut self) -> Result<(), ()> {
        let is_near_root = self.trail.level() <= 1 + self.granted_level();
        let (resources, derived) = self.counts;
        for number in 0..self.pools.len() {
            let is_due = match number {
                _ if number < resources => self.from_below || is_near_root,
                _ if number < resources + derived => is_near_root || self.is_shaving,
                _ if number == self.weighted => self.from_below && (is_near_root || self.is_shaving || self.is_close()),
                _ if number > self.weighted => is_near_root && !self.from_below,
                _ => true,
            };
            let holds = self.pools[number].condition.is_none_or(|condition| self.trail.is_true(condition));
            if is_due && holds {
                self.weigh_pool(number)?;
            }
        }
        Ok(())
    }

    fn weigh_pool(&mut self, number: usize) -> Result<(), ()> {
        let pool = &self.pools[number];
        let overfull = match self.from_below {
            true => self.energy.find_moves(pool, &self.tasks, &self.trail).err(),
            false => self.energy.overfull(pool, &self.tasks, &self.trail),
        };
        let Some(window) = overfull else { return self.move_starts(number) };
        self.conflict.clear();
        let now = (self.trail.len() as u32, &self.trail);
        self.energy.explain((window, None), pool, &self.tasks, now, &mut self.conflict);
        self.conflict_cause = Cause::Overfull(number, window);
        Err(())
    }

    /// Moves starts out of windows of a pool that have no room for them.
    fn move_starts(&mut self, pool: usize) -> Result<(), ()> {
        while let Some(Move { literal, window }) = self.energy.moves.pop() {
            if self.trail.is_true(literal) {
                continue;
            }
            let reason = Reason::Window(self.moves.len() as u32);
            self.moves.push((pool, window, self.trail.len() as u32));
            self.raise(literal, reason)?;
            // The next pool is looked at before anything else is; the work of a task only counts if its ends agree.
            let number = self.owner(literal.side.variable());
            if let Task::Multi(choice) = &self.tasks[number as usize]
                && let Err(literal) = choices::settle(number, choice, &mut self.trail)
            {
                return self.clash(literal, Reason::Choice(number));
            }
        }
        Ok(())
    }

    /// Puts tasks that have become narrower in sequence with their rivals.
    fn order_rivals(&mut self) -> Result<(), ()> {
        while let Some(task) = self.waiting.pop() {
            self.is_waiting[task as usize] = false;
            if let Err((literal, reason)) = self.rivals.order(task, &mut self.trail) {
                return self.clash(literal, reason);
            }
        }
        Ok(())
    }

    #[inline]
    fn raise(&mut self, literal: Literal, reason: Reason) -> Result<(), ()> {
        if self.trail.is_false(literal) {
            return self.clash(literal, reason);
        }
        self.trail.raise(literal, reason);
        Ok(())
    }

    /// The conflict that a literal must hold, and cannot.
    fn clash(&mut self, literal: Literal, reason: Reason) -> Result<(), ()> {
        let mut why = std::mem::take(&mut self.conflict);
        why.clear();
        self.explain(reason, literal, self.trail.len() as u32, &mut why);
        why.push(literal.negated());
        self.conflict = why;
        self.conflict_cause = Cause::Follows(literal, reason);
        Err(())
    }

    /// Literals, true before entry `place`, from which a literal follows.
    pub(super) fn explain(&self, reason: Reason, literal: Literal, place: u32, why: &mut Vec<Literal>) {
        let task = self.owners[literal.side.variable() as usize];
        let now = (place, &self.trail);
        match reason {
            Reason::Given | Reason::Decision => {}
            Reason::Granted => why.push(Literal::at_least(self.scope, self.trail.least(self.scope))),
            Reason::Distance(distance) => why.push(self.precedence.explain(distance, literal)),
            Reason::Lag(lag) => why.push(self.lags.explain(lag, literal)),
            Reason::Nogood(nogood) => {
                let opposite = literal.side.opposite();
                why.extend(self.nogoods.literals(nogood).iter().filter(|literal| literal.side != opposite));
            }
            Reason::Slot(slot) => self.timetable.explain(&self.tasks, (task, slot), literal, now, why),
            Reason::Rival(rival) => self.rivals.explain(&self.tasks, (task, rival), literal, why),
            Reason::Order => self.rivals.explain_order(&self.tasks, literal, now, why),
            Reason::Chain(middle) => self.rivals.explain_chain(middle, literal, why),
            Reason::Clique(clique) => self.cliques.explain(&self.tasks, (task, clique), literal, now, why),
            Reason::Window(number) => {
                let (pool, window, _) = self.moves[number as usize];
                let pool = &self.pools[pool];
                self.energy.explain((window, Some(literal.negated())), pool, &self.tasks, now, why);
            }
            Reason::Total(total) => self.totals.explain(total, &self.tasks, literal, now, why),
            Reason::Choice(task) => {
                if let Task::Multi(choice) = &self.tasks[task as usize] {
                    choices::explain(task, choice, literal, now, why);
                }
            }
        }
    }
}
