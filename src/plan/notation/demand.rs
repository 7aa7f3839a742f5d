//! Resource lists: `ana`, `dev*2`, `ana 50%`, `Ana[50%],Ben`, `skill:rust*2`.

use super::names::Names;
use super::number::parse_amount;
use super::{Fault, duration::split_number};
use crate::plan::draft::DecimalMark;
use crate::units::Amount;

/// What a resource list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemandName<I, S> {
    /// A resource.
    Resource(I),
    /// A skill, written `skill:name` or `skill:name>=2`, or anybody of a team, written `team:name`.
    Skill(S),
}

/// One item of a resource list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemandCell<I, S> {
    /// Of what.
    pub name: DemandName<I, S>,
    /// How much; may be zero or negative, which is for the caller to refuse.
    pub amount: Amount,
}

/// Parses a list of resources.
///
/// An exact id always wins over any other reading of an item. Items are separated by `;`, or by `,` outside brackets if
/// no id contains a comma and the item is not a valid one as it stands (`dev*1,5` with decimal commas). `none` is an
/// empty list unless a resource has that id.
///
/// # Arguments
/// What is found is added to `found`.
///
/// # Returns
/// The faults of all items, each naming its part; rules `unknown-resource`, `unknown-skill` and those of
/// [`parse_amount`].
pub fn parse_demands<I: Copy, S: Copy>(
    cell: &str,
    resources: &Names<'_, I>,
    skills: &Names<'_, S>,
    mark: DecimalMark,
    found: &mut Vec<DemandCell<I, S>>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(id) = resources.find(cell) {
        found.push(DemandCell { name: DemandName::Resource(id), amount: Amount::ONE });
        return faults;
    }
    if cell.eq_ignore_ascii_case("none") {
        return faults;
    }
    for item in super::list_items(cell) {
        let whole = parse_item(item, resources, skills, mark);
        match whole {
            Ok(demand) => found.push(demand),
            Err(_) if item.contains(',') && !resources.any_comma() => {
                for part in split_outside_brackets(item) {
                    match parse_item(part, resources, skills, mark) {
                        Ok(demand) => found.push(demand),
                        Err(fault) => faults.push(fault),
                    }
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    faults
}

fn split_outside_brackets(item: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    let parts = item.split(move |c| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

fn parse_item<I: Copy, S: Copy>(
    item: &str,
    resources: &Names<'_, I>,
    skills: &Names<'_, S>,
    mark: DecimalMark,
) -> Result<DemandCell<I, S>, Fault> {
    if let Some(id) = resources.find(item) {
        return Ok(DemandCell { name: DemandName::Resource(id), amount: Amount::ONE });
    }
    if let Some(asked) = asked_for(item) {
        let item = asked;
        let is_team = item.starts_with("team:");
        let (name, amount) = split_amount(item, mark, |name| skills.find(name))?;
        let Some(name) = name else {
            let name = item.split(['*', '[']).next().unwrap_or(item).trim();
            let (rule, text) = match (is_team, name.contains(">=")) {
                (true, _) => ("unknown-team", "no work resource is in this team"),
                (false, true) => ("unknown-skill", "no work resource has this skill at this level"),
                (false, false) => ("unknown-skill", "no work resource has this skill"),
            };
            let fault = Fault::new(rule, text).in_part(name);
            return Err(match resources.find(name) {
                Some(_) => fault.with_hint(format!("`{name}` is a resource: write `{name}` without `skill:`")),
                None => fault,
            });
        };
        return Ok(DemandCell { name: DemandName::Skill(name), amount });
    }
    let (id, amount) = split_amount(item, mark, |name| resources.find(name))?;
    if let Some(id) = id {
        return Ok(DemandCell { name: DemandName::Resource(id), amount });
    }
    let name = bare_name(item);
    let fault = Fault::new("unknown-resource", "no such resource").in_part(name);
    Err(match skills.find(name) {
        Some(_) => fault.with_hint(format!("`{name}` is a skill: write `skill:{name}`")),
        None => fault,
    })
}

/// The name in an item and its amount: the first reading of the item whose name is known.
fn split_amount<T>(
    item: &str,
    mark: DecimalMark,
    find: impl Fn(&str) -> Option<T>,
) -> Result<(Option<T>, Amount), Fault> {
    if let Some(known) = find(item) {
        return Ok((Some(known), Amount::ONE));
    }
    for (name, amount) in readings(item).into_iter().flatten() {
        if let Some(known) = find(name) {
            return match parse_amount(amount, mark) {
                Ok(amount) => Ok((Some(known), amount)),
                Err(fault) => Err(fault.in_part(amount)),
            };
        }
    }
    Ok((None, Amount::ONE))
}

/// `name*2`, `name[2]`, `name[12 t]` and `name 50%` as name and amount.
fn readings(item: &str) -> [Option<(&str, &str)>; 3] {
    let star = item.rsplit_once('*').map(|(name, amount)| (name.trim_end(), amount.trim()));
    let bracket = item.strip_suffix(']').and_then(|open| open.rsplit_once('[')).map(|(name, inside)| {
        // MS Project writes the unit of a material behind its quantity: `cement[12 t]`.
        let (number, unit) = split_number(inside.trim());
        let is_word = !unit.is_empty() && unit.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '/');
        (name.trim_end(), if is_word && !number.is_empty() { number } else { inside.trim() })
    });
    let percent = item.strip_suffix('%').map(str::trim_end).and_then(|number| number.rsplit_once(char::is_whitespace));
    let percent = percent.map(|(name, _)| (name.trim_end(), item[name.len()..].trim()));
    [star, bracket, percent]
}

/// What an item most likely means as its name, for messages.
fn bare_name(item: &str) -> &str {
    readings(item).into_iter().flatten().map(|(name, _)| name).next().unwrap_or(item)
}

/// What an item asks for if that is a skill or a team: the text behind `skill:`, or all of `team:name`.
fn asked_for(item: &str) -> Option<&str> {
    match item.split_once(':') {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("skill") => Some(rest.trim()),
        Some(("team", _)) => Some(item),
        _ => None,
    }
}

/// The skills, with levels, and teams (`team:name`) that a list of resources asks for.
pub fn skills_of_demands(cell: &str) -> impl Iterator<Item = &str> {
    super::list_items(cell).flat_map(split_outside_brackets).filter_map(asked_for).map(bare_name)
}

/// The names in a list of resources, whatever they stand for; skills, teams and `none` are left out.
pub fn names_of_demands(cell: &str) -> impl Iterator<Item = &str> {
    let is_skill = |item: &&str| asked_for(item).is_some();
    let items = super::list_items(cell).flat_map(split_outside_brackets);
    items
        .filter(move |item| !is_skill(item) && !item.eq_ignore_ascii_case("none"))
        .map(bare_name)
        .filter(|name| !name.is_empty())
}
