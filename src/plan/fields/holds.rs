//! What cells hold, and how it is written.

use std::borrow::Cow;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// What the row is called by.
    Id,
    /// Any text.
    Text,
    /// A word that may be anything, but that rows share.
    Label(&'static str),
    /// The id or name of one thing, such as a task.
    One(&'static str),
    /// Several of them.
    Several(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Yes or no.
    YesNo,
    /// Working time or time by the clock.
    Duration,
    /// The same, or a distribution of it.
    Delay,
    /// A distribution of a duration.
    Estimate,
    /// A distance in time, which may be negative or a share.
    Lag,
    /// A date, with or without a time.
    Date,
    /// Days of a calendar.
    Days,
    /// Working hours of a day.
    Hours,
    /// An amount of money.
    Money,
    /// The same, or a distribution of it.
    Cost,
    /// A distribution of an amount of money.
    CostEstimate,
    /// What an hour, a day or a unit costs.
    Rate,
    /// A number, which may be a fraction.
    Number,
    /// A number without a fraction.
    Whole,
    /// A share in percent.
    Percent,
    /// How likely something is.
    Probability,
    /// How strongly two things go together.
    Coefficient,
    /// Links to predecessors.
    Links,
    /// Who and what a task needs.
    Demands,
    /// What a person can do.
    Skills,
    /// How a task earns its value.
    Earning,
    /// What a stakeholder cares about.
    Interests,
    /// What becomes of a cell.
    Change,
    /// Whatever the key of the row asks for.
    Setting,
}

impl Holds {
    /// What it is called.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Holds::Id => "id",
            Holds::Text => "text",
            Holds::Label(label) => label,
            Holds::One(thing) => return Cow::Owned(format!("one {thing}")),
            Holds::Several(things) => return Cow::Owned(format!("list of {things}")),
            Holds::Word(words) => return Cow::Owned(words.join(" | ")),
            Holds::YesNo => "yes | no",
            Holds::Duration => "duration",
            Holds::Delay => "duration or distribution",
            Holds::Estimate => "distribution of a duration",
            Holds::Lag => "lag",
            Holds::Date => "date",
            Holds::Days => "days",
            Holds::Hours => "hours of the day",
            Holds::Money => "money",
            Holds::Cost => "money or distribution",
            Holds::CostEstimate => "distribution of money",
            Holds::Rate => "rate",
            Holds::Number => "number",
            Holds::Whole => "whole number",
            Holds::Percent => "percent",
            Holds::Probability => "probability",
            Holds::Coefficient => "coefficient",
            Holds::Links => "links",
            Holds::Demands => "people, machines, materials",
            Holds::Skills => "skills",
            Holds::Earning => "earning rule",
            Holds::Interests => "interests",
            Holds::Change => "change",
            Holds::Setting => "what the key asks for",
        })
    }

    /// How it is written, with examples in backticks.
    pub fn notation(self) -> &'static str {
        match self {
            Holds::Id => "any text that no other row has, best without `;`",
            Holds::Text => "anything",
            Holds::Label(_) => "any word; rows with the same word belong together",
            Holds::One(_) => "as it is called in its own table",
            Holds::Several(_) => "as they are called in their own table, separated by `;`",
            Holds::Word(_) => "one of these words, in any case",
            Holds::YesNo => "`yes` or `no`",
            Holds::Duration => {
                "`5d`, `2w`, `12h`, `30m`, `1mo`; a bare number is days; `3ed`, `8eh` run by the clock; `0` is a milestone"
            }
            Holds::Delay => {
                "a duration such as `2d`, or one that is drawn: `pert(1d,2d,5d)`, `triangular(1d,2d,5d)`, `uniform(1d,3d)`, \
                 `lognormal(1d,5d)` (10th and 90th percentile), `normal(5d,1d)` (mean, standard deviation), \
                 `discrete(2d:0.3;5d:0.7)`; by the clock with `ed`, `eh` throughout"
            }
            Holds::Estimate => {
                "`pert(3d,5d,9d)`, `triangular(3d,5d,9d)`, `uniform(3d,8d)`, `lognormal(3d,9d)` (10th and 90th percentile), \
                 `normal(5d,1d)` (mean, standard deviation), `discrete(2d:0.3;5d:0.7)`"
            }
            Holds::Lag => "`2d`, `-4h`, `50%` (of the predecessor's duration), `3ed` (by the clock)",
            Holds::Date => {
                "`2026-03-02`, `2026-03-02 13:00`; dates like `03/04/2026` need `--date-format dmy` or `mdy`"
            }
            Holds::Days => "`mon` ... `sun`, `mon..fri`, a date, or a range `2026-12-24..2026-12-31`",
            Holds::Hours => "`08:00-12:00;13:00-17:00`, `22:00-06:00` (past midnight), `24h`, `off`",
            Holds::Money => "`1234.50`, in the currency of the project",
            Holds::Cost => "an amount such as `800`, or one that is drawn: `uniform(500,2000)`, `pert(500,800,2000)`",
            Holds::CostEstimate => "`uniform(500,2000)`, `pert(500,800,2000)`, `lognormal(500,2000)`",
            Holds::Rate => "`85` (per hour; of a material, per unit), `85/h`, `600/d`, `2000/w`, `8000/mo`",
            Holds::Number => "`3`, `0.5`",
            Holds::Whole => "`3`",
            Holds::Percent => "`70`, `70%`",
            Holds::Probability => "`0.3`, `30%`",
            Holds::Coefficient => "from `-1` to `1`",
            Holds::Links => {
                "`A`, `A;B`, `A FS+2d`, `3SS-50%`, `B FF+1w`, `C FS+3ed`; FS is understood if nothing is said"
            }
            Holds::Demands => {
                "`ana`, `dev*2`, `ana 50%`, `skill:rust*2`, `skill:sql>=2`, `team:qa`, `cement*12` (a quantity if cement is a \
                 material), separated by `;`"
            }
            Holds::Skills => "`rust`, `rust:3` (a level), `iso27001@2027-01-31` (held until then), separated by `;`",
            Holds::Earning => {
                "`percent`, `0/100`, `50/50` (at the start and at the finish), or `milestones 20;30;50` (weights in percent, \
                 each earned when the task is as complete as they add up to)"
            }
            Holds::Interests => {
                "`L9` (a task or milestone), `task:B2`, `wbs:BUILD`, `category:sales`, `deliverable:guide`, \
                 `budget:release`, `risk:R6`, `resource:pilar`; words of more than one word stand for themselves"
            }
            Holds::Change => {
                "a new value (`12d`), more or less of it (`+3d`, `-10%`), so many times (`*1.5`); with an empty field `delete` or \
                 `add`"
            }
            Holds::Setting => "as `floatline doc project KEY` tells",
        }
    }
}
