//! Walking through an XML text element by element, with bounds on what hostile files may ask for.
//!
//! Elements are told by their local names. Document type declarations are refused, as they can define entities that
//! unfold to any size; only the five entities of XML itself and characters by number are known.

mod decode;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error as XmlError, SyntaxError};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Finding, Place};
use crate::plan::notation::quoted;

pub(super) use decode::decode;

/// Elements that may be open at the same time.
const MOST_DEPTH: usize = 64;
/// Bytes that the text of one element may have.
const MOST_TEXT: usize = 1 << 20;

/// Why the file cannot be read any further: the finding about it.
pub(super) type Stop = Box<Finding>;

/// An element that has been entered.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Its name without a namespace.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// True if it has an attribute of this name that says yes.
    pub(super) fn has_flag(&self, name: &str) -> bool {
        self.attributes(name).iter().any(|value| matches!(value.as_str(), "true" | "1"))
    }

    /// The value of its first attribute of this name.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes(name).into_iter().next()
    }

    /// The values of its attributes of this name, which may be in several namespaces; those with unknown entities left out.
    pub(super) fn attributes(&self, name: &str) -> Vec<String> {
        let all = self.0.attributes().flatten().filter(|attribute| attribute.key.local_name().into_inner() == name);
        all.filter_map(|attribute| Some(unescape(&attribute.value).ok()?.into_owned())).collect()
    }
}

/// What stands in an element.
pub(super) enum Part<'a> {
    Element(Element<'a>),
    /// A piece of text with line feeds for line ends and no references left in it.
    Text(Cow<'a, str>),
    /// The end of the element, or of the file.
    End,
}

/// A place in an XML text.
pub(super) struct Xml<'a> {
    file: &'a str,
    text: &'a str,
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// What ends a line: a line feed, or a carriage return in files that have no line feeds.
    line_end: u8,
    /// Position up to which lines have been counted, and the line there.
    counted: (usize, u32),
}

impl<'a> Xml<'a> {
    /// The beginning of a text.
    pub(super) fn new(file: &'a str, text: &'a str) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = false;
        let line_end = if text.contains('\n') { b'\n' } else { b'\r' };
        Xml { file, text, reader, depth: 0, line_end, counted: (0, 1) }
    }

    /// The line of the file at which the walk has arrived.
    pub(super) fn line(&mut self) -> u32 {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        let (from, line) = self.counted;
        let between = self.text.as_bytes().get(from..at).unwrap_or_default();
        let ends = between.iter().filter(|&&byte| byte == self.line_end).count();
        self.counted = (at.max(from), line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX)));
        self.counted.1
    }

    /// The place at which the walk has arrived.
    pub(super) fn place(&mut self) -> Place {
        let line = self.line();
        Place::row(self.file, line)
    }

    /// The next part of the current element: an element inside it, which is entered, a piece of its text, or its end.
    pub(super) fn part(&mut self) -> Result<Part<'a>, Stop> {
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.enter()?;
                    return Ok(Part::Element(Element(start)));
                }
                Event::Text(text) => return Ok(Part::Text(text.xml10_content())),
                Event::CData(text) => return Ok(Part::Text(text.xml10_content())),
                Event::GeneralRef(entity) => {
                    let char = match entity.resolve_char_ref() {
                        Ok(Some(char)) => Some(char),
                        Ok(None) => predefined(&entity),
                        Err(_) => None,
                    };
                    let Some(char) = char else {
                        let text = format!("{} is no entity of XML", quoted(&format!("&{};", &*entity)));
                        return Err(Box::new(Finding::error("unknown-entity", self.place(), text)));
                    };
                    return Ok(Part::Text(Cow::Owned(char.to_string())));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Part::End);
                }
                Event::Eof if self.depth == 0 => return Ok(Part::End),
                Event::Eof => return Err(self.truncated()),
                _ => {}
            }
        }
    }

    /// Enters the next element inside the current one, or leaves the current one if there is none.
    pub(super) fn child(&mut self) -> Result<Option<Element<'a>>, Stop> {
        loop {
            match self.part()? {
                Part::Element(element) => return Ok(Some(element)),
                Part::Text(_) => {}
                Part::End => return Ok(None),
            }
        }
    }

    /// The text of the current element, which is left; elements inside it are passed over.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, Stop> {
        let mut found: Cow<'a, str> = Cow::Borrowed("");
        loop {
            match self.part()? {
                Part::Element(_) => self.skip()?,
                Part::Text(part) => {
                    self.check_size(part.len().saturating_add(found.len()))?;
                    if found.is_empty() { found = part } else { found.to_mut().push_str(&part) }
                }
                Part::End => return Ok(trimmed(found)),
            }
        }
    }

    /// Leaves the current element without looking at it.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            match self.event()? {
                Event::Start(_) => self.enter()?,
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                Event::Eof => return Err(self.truncated()),
                _ => {}
            }
        }
        Ok(())
    }

    /// The next event; anything that a plan has no use for and that may do harm is refused.
    fn event(&mut self) -> Result<Event<'a>, Stop> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => {
                let text =
                    "the file has a document type declaration, which is refused: its entities may unfold to any size";
                let finding = Finding::error("document-type", self.place(), text);
                Err(Box::new(finding.with_hint("remove the part from `<!DOCTYPE` to its `>`")))
            }
            Ok(event) => Ok(event),
            Err(XmlError::Syntax(SyntaxError::InvalidBangMarkup)) | Err(XmlError::IllFormed(_)) => {
                Err(self.malformed())
            }
            Err(XmlError::Syntax(_)) => Err(self.truncated()),
            Err(_) => Err(self.malformed()),
        }
    }

    fn enter(&mut self) -> Result<(), Stop> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let text = format!("elements are nested more than {MOST_DEPTH} deep, which no plan needs");
            return Err(Box::new(Finding::error("too-deep", self.place(), text)));
        }
        Ok(())
    }

    /// Refuses the text of one element if it has more bytes than are read.
    pub(super) fn check_size(&mut self, bytes: usize) -> Result<(), Stop> {
        if bytes > MOST_TEXT {
            let text = format!("the text of an element has {bytes} bytes; at most {MOST_TEXT} are read");
            return Err(Box::new(Finding::error("cell-too-large", self.place(), text)));
        }
        Ok(())
    }

    fn malformed(&mut self) -> Stop {
        let text = "the file is no valid XML here: tags do not match, or a mark is out of place";
        let finding = Finding::error("bad-xml", self.place(), text);
        Box::new(finding.with_hint("export the file again"))
    }

    fn truncated(&mut self) -> Stop {
        let text = "the file ends here in the middle of an element";
        let finding = Finding::error("truncated-file", self.place(), text);
        Box::new(finding.with_hint("the file was not written or copied to its end: get it again"))
    }
}

/// The character of one of the five entities of XML.
fn predefined(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
