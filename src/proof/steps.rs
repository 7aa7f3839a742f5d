//! The lines of a proof.

use crate::network::{Network, Slot};

/// A variable: the start and the finish of each node, the finish of the project, and 0 or 1 for each mode position.
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

/// Nodes that a step may put in order, at most: all orders are looked at.
pub const MOST_IN_ORDER: usize = 12;

/// Why literals cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The links and maximal lags between two nodes; `None` for the finish of the project.
    Link(usize, Option<usize>),
    /// What is certainly in use in a slot.
    Slot(Slot),
    /// Two nodes that cannot run at the same time.
    Pair(usize, usize),
    /// Nodes no two of which can run at the same time.
    Order(Vec<usize>),
    /// Start, finish and modes of a node.
    Modes(usize),
    /// What is consumed of a total.
    Total(usize),
    /// The work between two slots.
    Energy(Slot, Slot),
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
}

/// Reads a line after the claim.
///
/// # Errors
/// What is wrong with it.
pub fn parse(line: &str, network: &Network) -> Result<Step, String> {
    let (head, literals) = match line.split_once(':') {
        Some((head, literals)) => (head, Some(literals)),
        None => (line, None),
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let literals = || -> Result<Vec<Literal>, String> {
        let text = literals.ok_or("there is no `:` with literals behind it")?;
        text.split_whitespace().map(|word| literal(word, network)).collect()
    };
    let node = |word: &str| number(word).and_then(|node| below(node, network.len(), "node"));
    let rule = |words: &[&str]| match *words {
        ["link", from, "f"] => Ok(Rule::Link(node(from)?, None)),
        ["link", from, to] => Ok(Rule::Link(node(from)?, Some(node(to)?))),
        ["slot", slot] => Ok(Rule::Slot(value(slot)?)),
        ["pair", one, other] => Ok(Rule::Pair(node(one)?, node(other)?)),
        ["order", ref nodes @ ..] if nodes.len() <= MOST_IN_ORDER => {
            Ok(Rule::Order(nodes.iter().map(|word| node(word)).collect::<Result<_, _>>()?))
        }
        ["modes", of] => Ok(Rule::Modes(node(of)?)),
        ["total", total] => Ok(Rule::Total(below(number(total)?, network.totals.len(), "total")?)),
        ["energy", from, to] => Ok(Rule::Energy(value(from)?, value(to)?)),
        _ => Err(format!("`{}` is no rule", words.join(" "))),
    };
    match *words {
        ["t", ref rest @ ..] => Ok(Step::Theory(rule(rest)?, literals()?)),
        ["r", nogood] => Ok(Step::Recall(number(nogood)?)),
        ["n", nogood] => Ok(Step::Nogood(number(nogood)?, literals()?)),
        _ => Err("expected a line that begins with `t`, `r` or `n`".to_owned()),
    }
}

fn literal(word: &str, network: &Network) -> Result<Literal, String> {
    let wrong = || format!("`{word}` is no literal such as `s3>=5`, `e3<=9`, `m3.0<=0` or `f<=76`");
    let at = word.find(['<', '>']).ok_or_else(wrong)?;
    let (name, rest) = word.split_at(at);
    let (is_lower, text) = match (rest.strip_prefix(">="), rest.strip_prefix("<=")) {
        (Some(text), _) => (true, text),
        (_, Some(text)) => (false, text),
        _ => return Err(wrong()),
    };
    let node = |text: &str| number(text).and_then(|node| below(node, network.len(), "node"));
    let variable = match name.split_at_checked(1) {
        Some(("f", "")) => Variable::Project,
        Some(("s", text)) => Variable::Start(node(text)?),
        Some(("e", text)) => Variable::Finish(node(text)?),
        Some(("m", text)) => {
            let (of, mode) = text.split_once('.').ok_or_else(wrong)?;
            let range = network.modes.range(node(of)?);
            Variable::Mode(range.start + below(number(mode)?, range.len(), "mode")?)
        }
        _ => return Err(wrong()),
    };
    Ok(Literal { variable, is_lower, value: value(text)? })
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
