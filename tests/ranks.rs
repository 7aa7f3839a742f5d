//! The architecture as a test: every module imports only modules of lower rank, or its own.

use std::path::{Path, PathBuf};

/// Module and rank. A file may name modules of a lower rank and the module it belongs to.
const RANKS: &[(&str, u32)] = &[
    ("error", 0),
    ("units", 0),
    ("index", 0),
    ("effort", 0),
    ("vectors", 0),
    ("waves", 0),
    ("pictures", 1),
    ("plan", 1),
    ("network", 2),
    ("generate", 2),
    ("schedule", 3),
    ("cpm", 4),
    ("proof", 4),
    ("solve", 5),
    ("risk", 6),
    ("level", 6),
    ("team", 6),
    ("compare", 7),
    ("scenario", 7),
    ("quality", 7),
    ("review", 7),
    ("explain", 7),
    ("tradeoff", 7),
    ("track", 7),
    ("replan", 7),
    ("mend", 8),
    ("io", 8),
    ("report", 9),
    ("cli", 10),
    ("main", 10),
];

/// Macros at the root of the crate, and the module they belong to.
const ROOT_MACROS: [(&str, &str); 1] = [("define_id", "index")];

/// What only some modules may do: a text, where it may stand, and why.
const PRIVILEGES: [(&str, &[&str], &str); 8] = [
    ("Instant::now", &["effort"], "only effort reads a clock"),
    ("SystemTime", &["effort"], "only effort reads a clock"),
    ("from_os_rng", &[], "randomness comes from seeds"),
    ("rand::rng()", &[], "randomness comes from seeds"),
    ("std::fs", &["io", "cli"], "only io opens files"),
    ("File::open", &["io"], "only io opens files"),
    ("println!", &[], "only the program prints, through its print module"),
    ("std::env", &["cli"], "the library reads no environment"),
];

fn rank(module: &str) -> Option<u32> {
    RANKS.iter().find(|(name, _)| *name == module).map(|&(_, rank)| rank)
}

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The module path of a source file within the crate: `src/plan/task.rs` is `[plan, task]`, `src/plan/mod.rs` `[plan]`.
fn module_path(root: &Path, file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(root).unwrap().with_extension("");
    let mut parts: Vec<String> = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// Source text without comments and the contents of literals, so that braces and paths in what is left are code.
fn code_only(source: &str) -> String {
    let mut code = String::new();
    let mut at = 0;
    while let Some(character) = source[at..].chars().next() {
        let rest = &source[at..];
        let (kept, length) = if rest.starts_with("//") {
            ("", rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            ("", rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if let Some(length) = raw_string_length(rest) {
            ("\"\"", length)
        } else if rest.starts_with('"') {
            ("\"\"", string_length(rest))
        } else if let Some(length) = character_length(rest) {
            ("' '", length)
        } else {
            (&rest[..character.len_utf8()], character.len_utf8())
        };
        code.push_str(kept);
        at += length;
    }
    code
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string_length(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.bytes().take_while(|&byte| byte == b'#').count();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let opening = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |at| opening + at + end.len()))
}

/// The length of a character literal; `None` for a lifetime.
fn character_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body.char_indices().skip(2).find(|&(_, c)| c == '\'').map(|(at, _)| at + 2);
    }
    let first = body.chars().next()?;
    body[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}

/// Code without the items behind `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(['{', ';']).unwrap_or(rest.len() - 1);
        let mut length = end + 1;
        if rest[end..].starts_with('{') {
            let mut depth = 0;
            for (at, character) in rest[end..].char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    length = end + at + 1;
                    break;
                }
            }
        }
        rest = &rest[length..];
    }
    kept + rest
}

/// The top-level modules that code names through `crate::`, `floatline::` or `super::`.
fn modules_named(code: &str, module: &[String]) -> Vec<String> {
    let mut named = Vec::new();
    let is_path_start = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    for root in ["crate::", "floatline::"] {
        for (at, _) in code.match_indices(root).filter(|&(at, _)| is_path_start(at)) {
            named.extend(heads(&code[at + root.len()..]));
        }
    }
    for (at, _) in code.match_indices("super::").filter(|&(at, _)| is_path_start(at)) {
        let mut rest = &code[at..];
        let mut depth = 0;
        while let Some(shorter) = rest.strip_prefix("super::") {
            rest = shorter;
            depth += 1;
        }
        if depth == module.len() {
            named.extend(heads(rest));
        }
    }
    named
}

/// The first names of a path, or of each path of a `{...}` group.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut item_start = 0;
    for (at, character) in group.char_indices() {
        if depth == 0 && (character == ',' || character == '}') {
            heads.push(word(group[item_start..at].trim_start()));
            item_start = at + 1;
        }
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads.into_iter().filter(|head| !head.is_empty()).collect()
}

/// Everything in one file that breaks the table.
fn violations(module: &[String], source: &str) -> Vec<String> {
    let code = without_tests(&code_only(source));
    let Some(own) = module.first() else { return Vec::new() };
    let Some(own_rank) = rank(own) else {
        return vec![format!("module `{own}` has no rank; add it to the table")];
    };
    let mut wrong = Vec::new();
    for named in modules_named(&code, module) {
        let named = ROOT_MACROS.iter().find(|(name, _)| *name == named).map_or(&*named, |(_, module)| module);
        match rank(named) {
            _ if named == own => {}
            // The program is a crate of its own, and may name all of its own folder.
            _ if own == "main" => {}
            Some(rank) if rank < own_rank => {}
            Some(rank) => wrong.push(format!("`{own}` (rank {own_rank}) names `{named}` (rank {rank})")),
            None => wrong.push(format!("`{own}` names `{named}`, which has no rank")),
        }
    }
    if module.starts_with(&["schedule".to_owned(), "verify".to_owned()]) && code.contains("network") {
        wrong.push("the validator must not know the network: it has to catch a wrong compile step".to_owned());
    }
    for (text, allowed, why) in PRIVILEGES {
        if code.contains(text) && !allowed.contains(&&**own) {
            wrong.push(format!("`{own}` uses `{text}`: {why}"));
        }
    }
    wrong
}

#[test]
fn every_module_imports_only_lower_ranks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    files.sort();
    assert!(files.len() > 20, "only {} source files found", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let module = module_path(&root, file);
        // These are compiled for tests alone.
        if module.iter().any(|part| part == "tests" || part == "testing") {
            continue;
        }
        let source = std::fs::read_to_string(file).unwrap();
        wrong.extend(violations(&module, &source).iter().map(|text| format!("{}: {text}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(module: &str, source: &str) -> Vec<String> {
    violations(&module.split('/').map(str::to_owned).collect::<Vec<_>>(), source)
}

#[test]
fn an_import_of_a_higher_rank_is_found_however_it_is_written() {
    for source in [
        "use crate::solve::solve;",
        "use crate::{error::Error, solve};",
        "use crate::{\n    plan::{Plan, TaskId},\n    solve::{solve, Progress},\n};",
        "fn f() { crate::solve::solve() }",
        "use super::solve::Progress;",
        "use super::{units, solve};",
        "pub use floatline::solve::solve;",
    ] {
        assert_eq!(check("plan", source), ["`plan` (rank 1) names `solve` (rank 5)"], "{source}");
    }
    assert_eq!(check("plan/task", "use super::super::solve::Progress;").len(), 1);
}

#[test]
fn lower_ranks_and_the_own_folder_may_be_imported() {
    for source in [
        "use crate::{error::Error, index::{Id, IdVec}, plan::Plan};",
        "use super::Progress; use crate::solve::search::Search;",
        "crate::define_id!(TaskId);",
        "// use crate::io::read;\n/* crate::cli */ let text = \"crate::io::x\"; let raw = r#\"crate::io::\"x\"#;",
        "#[cfg(test)]\nmod tests { use crate::io::read; fn f() { let c = '{'; } }\nuse crate::cpm::analyse;",
        "#[cfg(test)]\nuse crate::io::read;",
        "fn f<'a>(x: &'a str) -> char { '\\'' }",
    ] {
        assert!(check("solve/portfolio", source).is_empty(), "{source}: {:?}", check("solve/portfolio", source));
    }
}

#[test]
fn privileges_and_the_blindness_of_the_validator_are_watched() {
    assert_eq!(check("solve", "let now = std::time::Instant::now();").len(), 1);
    assert_eq!(check("effort", "let now = std::time::Instant::now();").len(), 0);
    assert_eq!(check("plan", "println!(\"\")").len(), 1);
    assert_eq!(check("network/compile", "std::fs::read(x)").len(), 1);
    assert_eq!(check("schedule/verify", "use crate::network::Network;").len(), 1);
    assert_eq!(check("schedule/place", "use crate::network::Network;").len(), 0);
    assert_eq!(check("nonsense", "").len(), 1);
}
