//! A desk to work at: a folder, the program, and what it said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a run of the program said.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn expect(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    pub fn says(self, text: &str) -> Run {
        assert!(self.out.contains(text), "`{text}` is missing in stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    pub fn complains(self, text: &str) -> Run {
        assert!(self.err.contains(text), "`{text}` is missing in stderr:\n{}\nstdout:\n{}", self.err, self.out);
        self
    }
}

/// A folder to work in, and the program.
pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_floatline"));
        command.current_dir(self.0.path()).args(line.split_whitespace()).stdin(Stdio::null());
        command
    }

    pub fn run(&self, line: &str) -> Run {
        let output = self.command(line).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The files in a folder and below, by their path within it.
    pub fn files(&self, folder: &str) -> BTreeMap<String, String> {
        fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                // The records of runs have tests of their own.
                if path.file_name().is_some_and(|name| name == "run.json" || name == "runs") {
                    continue;
                }
                if path.is_dir() {
                    collect(root, &path, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                    found.insert(name, std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut found = BTreeMap::new();
        collect(&self.path(folder), &self.path(folder), &mut found);
        found
    }

    /// The lines of a log.
    pub fn log(&self, name: &str) -> Vec<Value> {
        self.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// A log without what may differ from run to run.
    pub fn lasting_log(&self, name: &str) -> Vec<Value> {
        let mut lines = self.log(name);
        for line in &mut lines {
            let line = line.as_object_mut().unwrap();
            assert!(line.remove("seconds").is_some() != line.remove("threads").is_some(), "{line:?}");
        }
        lines
    }

    /// The rows of a CSV file.
    pub fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.read(name))
    }
}

/// A sample plan.
pub fn data(name: &str) -> String {
    format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The rows of a CSV text as maps from header to cell.
pub fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let to_map = |record: csv::StringRecord| {
        headers.iter().zip(&record).map(|(header, cell)| (header.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| to_map(record.unwrap())).collect()
}
