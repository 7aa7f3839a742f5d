//! The lines of a proof.

use crate::network::{Network, Slot};

/// A variable: the start and the finish of each node, the finish of the project, and 0 or 1 for each mode position and each
/// pair of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The start of a node.
    Start(usize),
    /// Its finish.
    Finish(usize),
    /// The finish of the project.
    Project,
    /// Whether a mode position is taken.
    Mode(usize),
    /// Whether the first of two nodes has finished before the second starts.
    Order(usize, usize),
}

/// The statement that a variable is at least, or at most, a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Of what it speaks.
    pub variable: Variable,
    /// True for "at least".
    pub is_lower: bool,
    /// The value.
    pub value: Slot,
}

impl Literal {
    /// The contrary.
    pub fn negated(self) -> Literal {
        let value = if self.is_lower { self.value - 1 } else { self.value + 1 };
        Literal { is_lower: !self.is_lower, value, ..self }
    }
}

/// Units and weights of pools are no more than this, so that no sum of them is more than can be written down.
const MOST_UNITS: i64 = 1 << 31;
const MOST_WEIGHT: i64 = 1 << 40;

/// Why literals cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The links and maximal lags between two nodes; `None` for the finish of the project.
    Link(usize, Option<usize>),
    /// What is certainly in use in a slot.
    Slot(Slot),
    /// Two nodes that cannot run at the same time.
    Pair(usize, usize),
    /// Three nodes, the first before the second and that before the third.
    Chain(usize, usize, usize),
    /// Nodes no two of which can run at the same time, none of which can be the last, or the first.
    Order(Vec<usize>),
    /// Start, finish and modes of a node.
    Modes(usize),
    /// What is consumed of a total.
    Total(usize),
    /// The work between two slots: as a pool sees it, or a resource.
    Energy(Slot, Slot, Option<usize>),
    /// All that is taken of a pool until the project has finished.
    Pool(usize),
}

/// Why a pool holds whatever there is a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Nodes that fit into a resource together fit into it too.
    Resource(usize),
    /// Nodes that can run at the same time fit into it.
    Sets,
}

/// Something that counts in a weighted sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// What there is of a resource in a slot, and what nodes need of it.
    Resource(usize),
    /// What there is of a total, and what nodes consume of it.
    Total(usize),
    /// That the slots from the start of a node to its finish are those of its mode.
    Duration(usize),
    /// That the first variable and so many slots are no more than the second.
    Distance(Variable, Slot, Variable),
}

/// What a pool is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// What there is of it from each slot on, and units taken by mode positions.
    Units {
        /// Why it holds.
        basis: Basis,
        /// Slots and what there is from there on.
        steps: Vec<(Slot, i64)>,
        /// Mode positions and what they take.
        units: Vec<(usize, i64)>,
    },
    /// A sum of what there is and of what is taken, each with its weight.
    Sum(Vec<(Term, i64)>),
}

/// A line after the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Literals that cannot hold together by the plan itself.
    Theory(Rule, Vec<Literal>),
    /// A nogood proven before.
    Recall(usize),
    /// A nogood that follows from the steps since the last one.
    Nogood(usize, Vec<Literal>),
    /// A pool, of which later steps speak.
    Pool(usize, Definition),
}

/// Reads a line after the claim.
///
/// # Errors
/// What is wrong with it.
pub fn parse(line: &str, network: &Network) -> Result<Step, String> {
    let (head, rest) = match line.split_once(':') {
        Some((head, rest)) => (head, Some(rest)),
        None => (line, None),
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let rest = || rest.map(str::split_whitespace).ok_or("there is no `:` with anything behind it");
    let literals = || -> Result<Vec<Literal>, String> { rest()?.map(|word| literal(word, network)).collect() };
    let node = |word: &str| node(word, network);
    let rule = |words: &[&str]| match *words {
        ["link", from, "f"] => Ok(Rule::Link(node(from)?, None)),
        ["link", from, to] => Ok(Rule::Link(node(from)?, Some(node(to)?))),
        ["slot", slot] => Ok(Rule::Slot(value(slot)?)),
        ["pair", one, other] => Ok(Rule::Pair(node(one)?, node(other)?)),
        ["chain", one, two, three] => Ok(Rule::Chain(node(one)?, node(two)?, node(three)?)),
        ["order", ref nodes @ ..] => Ok(Rule::Order(nodes.iter().map(|word| node(word)).collect::<Result<_, _>>()?)),
        ["modes", of] => Ok(Rule::Modes(node(of)?)),
        ["total", total] => Ok(Rule::Total(of_total(total, network)?)),
        ["energy", from, to] => Ok(Rule::Energy(value(from)?, value(to)?, None)),
        ["energy", from, to, "pool", pool] => Ok(Rule::Energy(value(from)?, value(to)?, Some(number(pool)?))),
        ["pool", pool] => Ok(Rule::Pool(number(pool)?)),
        _ => Err(format!("`{}` is no rule", words.join(" "))),
    };
    match *words {
        ["t", ref rest @ ..] => Ok(Step::Theory(rule(rest)?, literals()?)),
        ["r", nogood] => Ok(Step::Recall(number(nogood)?)),
        ["n", nogood] => Ok(Step::Nogood(number(nogood)?, literals()?)),
        ["p", pool, "by", "sum"] => {
            let terms = rest()?.map(|word| weighted(word, network)).collect::<Result<_, _>>()?;
            Ok(Step::Pool(number(pool)?, Definition::Sum(terms)))
        }
        ["p", pool, "by", ref basis @ ..] => {
            let basis = match *basis {
                ["sets"] => Basis::Sets,
                ["resource", resource] => Basis::Resource(of_resource(resource, network)?),
                _ => return Err(format!("`{}` is no reason for a pool", basis.join(" "))),
            };
            Ok(Step::Pool(number(pool)?, units(basis, rest()?, network)?))
        }
        _ => Err("expected a line that begins with `p`, `t`, `r` or `n`".to_owned()),
    }
}

/// Reads what there is of a pool, such as `c0=3`, and what is taken of it, such as `m4=2` or, in one mode, `m4.1=2`.
fn units<'a>(basis: Basis, words: impl Iterator<Item = &'a str>, network: &Network) -> Result<Definition, String> {
    let (mut steps, mut units) = (Vec::new(), Vec::new());
    for word in words {
        let wrong = || format!("`{word}` is neither a step such as `c0=3` nor units such as `m4=2` or `m4.1=2`");
        let (name, amount) = word.split_once('=').ok_or_else(wrong)?;
        let amount = up_to(amount, MOST_UNITS)?;
        match name.split_at_checked(1) {
            Some(("c", slot)) => steps.push((value(slot)?, amount)),
            Some(("m", of)) if of.contains('.') => units.push((mode(of, network)?, amount)),
            Some(("m", of)) => units.extend(network.modes.range(node(of, network)?).map(|position| (position, amount))),
            _ => return Err(wrong()),
        }
    }
    Ok(Definition::Units { basis, steps, units })
}

/// Reads a term of a sum and its weight, such as `r0*3`, `k1*3`, `d4*3` or `e4+2<=s7*3`.
fn weighted(word: &str, network: &Network) -> Result<(Term, i64), String> {
    let wrong = || format!("`{word}` is no part of a sum such as `r0*3`, `k1*3`, `d4*3` or `e4+2<=s7*3`");
    let (name, weight) = word.split_once('*').ok_or_else(wrong)?;
    let weight = up_to(weight, MOST_WEIGHT)?;
    if let Some((before, after)) = name.split_once("<=") {
        let sign = before.find(['+', '-']).ok_or_else(wrong)?;
        let point = |name: &str| match variable(name, network)? {
            Some(point @ (Variable::Start(_) | Variable::Finish(_) | Variable::Project)) => Ok(point),
            _ => Err(wrong()),
        };
        let term = Term::Distance(point(&before[..sign])?, value(&before[sign..])?, point(after)?);
        return Ok((term, weight));
    }
    let term = match name.split_at_checked(1) {
        Some(("r", resource)) => Term::Resource(of_resource(resource, network)?),
        Some(("k", total)) => Term::Total(of_total(total, network)?),
        Some(("d", of)) => Term::Duration(node(of, network)?),
        _ => return Err(wrong()),
    };
    Ok((term, weight))
}

fn literal(word: &str, network: &Network) -> Result<Literal, String> {
    let wrong = || format!("`{word}` is no literal such as `s3>=5`, `e3<=9`, `m3.0<=0`, `o3.4>=1` or `f<=76`");
    let at = word.find(['<', '>']).ok_or_else(wrong)?;
    let (name, rest) = word.split_at(at);
    let (is_lower, text) = match (rest.strip_prefix(">="), rest.strip_prefix("<=")) {
        (Some(text), _) => (true, text),
        (_, Some(text)) => (false, text),
        _ => return Err(wrong()),
    };
    let variable = variable(name, network)?.ok_or_else(wrong)?;
    Ok(Literal { variable, is_lower, value: value(text)? })
}

/// A variable by its name, if that could be one.
fn variable(name: &str, network: &Network) -> Result<Option<Variable>, String> {
    Ok(match name.split_at_checked(1) {
        Some(("f", "")) => Some(Variable::Project),
        Some(("s", text)) => Some(Variable::Start(node(text, network)?)),
        Some(("e", text)) => Some(Variable::Finish(node(text, network)?)),
        Some(("m", text)) if text.contains('.') => Some(Variable::Mode(mode(text, network)?)),
        Some(("o", text)) if let Some((one, other)) = text.split_once('.') => {
            Some(Variable::Order(node(one, network)?, node(other, network)?))
        }
        _ => None,
    })
}

fn node(word: &str, network: &Network) -> Result<usize, String> {
    below(number(word)?, network.len(), "node")
}

/// The position of a mode such as `4.1`.
fn mode(word: &str, network: &Network) -> Result<usize, String> {
    let (of, mode) = word.split_once('.').ok_or_else(|| format!("`{word}` is no mode such as `4.1`"))?;
    let range = network.modes.range(node(of, network)?);
    Ok(range.start + below(number(mode)?, range.len(), "mode")?)
}

fn of_resource(word: &str, network: &Network) -> Result<usize, String> {
    below(number(word)?, network.renewables.len(), "resource")
}

fn of_total(word: &str, network: &Network) -> Result<usize, String> {
    below(number(word)?, network.totals.len(), "total")
}

/// A whole number that is neither negative nor too large.
fn up_to(word: &str, most: i64) -> Result<i64, String> {
    let amount: Option<i64> = word.parse().ok();
    amount
        .filter(|amount| (0..=most).contains(amount))
        .ok_or_else(|| format!("`{word}` is no whole number from 0 to {most}"))
}

/// A whole number that is not negative.
pub fn number(word: &str) -> Result<usize, String> {
    word.parse().map_err(|_| format!("`{word}` is no number"))
}

/// A slot, within what slots can number.
pub fn value(word: &str) -> Result<Slot, String> {
    let value: Option<Slot> = word.parse().ok();
    value
        .filter(|value| value.unsigned_abs() <= crate::network::HORIZON_LIMIT.unsigned_abs())
        .ok_or_else(|| format!("`{word}` is no slot"))
}

fn below(number: usize, count: usize, what: &str) -> Result<usize, String> {
    if number < count { Ok(number) } else { Err(format!("there is no {what} {number}; there are {count}, from 0 on")) }
}
