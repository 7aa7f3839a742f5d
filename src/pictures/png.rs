//! Pictures as PNG, drawn by the crate `resvg`.
//!
//! Letters are those of DejaVu Sans, by whose widths texts are laid out. The font is part of the program, so that a picture is the
//! same wherever it is drawn. Only letters that it does not have, of Chinese say, are looked for in the fonts of the machine.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{FontResolver, Options, Tree};

use crate::error::{Error, Result};

/// The longest side of a PNG in pixels: more is beyond what programs open.
const MOST_PIXELS: f32 = 16_384.0;
/// Letters of this weight are bold.
const BOLD: u16 = 600;

/// The fonts of the program: regular and bold.
static FONTS: LazyLock<(Arc<Database>, Vec<ID>)> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    let ids = fonts.faces().map(|face| face.id).collect();
    (Arc::new(fonts), ids)
});

/// Draws a picture as PNG.
///
/// # Arguments
/// `svg` is a picture of this module, or any other SVG of text and shapes; `scale` is the number of pixels for each of its units,
/// of which fewer are used where the PNG would be wider or higher than 16 384 pixels.
///
/// # Returns
/// The bytes of the file.
///
/// # Errors
/// If the text is not SVG, or has no size.
///
/// # Example
/// ```
/// use floatline::pictures::png;
///
/// let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><text y="8">a</text></svg>"##;
/// assert!(png(svg, 2.0)?.starts_with(b"\x89PNG"));
/// assert!(png("a", 2.0).is_err());
/// # Ok::<(), floatline::error::Error>(())
/// ```
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>> {
    let (fonts, ids) = &*FONTS;
    let of_machine = FontResolver::default_fallback_selector();
    let font_resolver = FontResolver {
        select_font: Box::new(|font, _| ids.get(usize::from(font.weight() >= BOLD)).copied()),
        select_fallback: Box::new(move |letter, used, known| {
            if known.len() == ids.len() {
                Arc::make_mut(known).load_system_fonts();
            }
            of_machine(letter, used, known)
        }),
    };
    let options = Options { fontdb: Arc::clone(fonts), font_resolver, ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| Error::picture(error.to_string()))?;
    let size = tree.size();
    let scale = scale.min(MOST_PIXELS / size.width().max(size.height()));
    let pixels = |length: f32| (length * scale).ceil().clamp(1.0, MOST_PIXELS) as u32;
    let (width, height) = (pixels(size.width()), pixels(size.height()));
    let mut pixmap =
        Pixmap::new(width, height).ok_or_else(|| Error::picture(format!("{width} by {height} pixels are too many")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| Error::picture(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(text: &str, (width, height): (u32, u32)) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' font-family='Arial' font-size='12'>\
             <rect width='{width}' height='{height}' fill='white'/><text x='4' y='16'>{text}</text></svg>"
        )
    }

    /// Its pixels that are not white.
    fn ink(png: &[u8]) -> usize {
        let pixmap = Pixmap::decode_png(png).unwrap();
        pixmap.pixels().iter().filter(|pixel| pixel.red() < 128).count()
    }

    #[test]
    fn letters_of_three_alphabets_are_drawn_without_any_font_of_the_machine() {
        let blank = png(&picture("", (80, 20)), 2.0).unwrap();
        assert_eq!((&blank[..8], ink(&blank)), (&b"\x89PNG\r\n\x1a\n"[..], 0));
        // What has no glyph is drawn as the same box.
        let missing = png(&picture("\u{10ffff}", (80, 20)), 2.0).unwrap();
        let drawn = ["a", "\u{3b1}", "\u{436}"].map(|letter| png(&picture(letter, (80, 20)), 2.0).unwrap());
        for letter in &drawn {
            assert!(ink(letter) > 20 && *letter != missing);
        }
        assert!(drawn[0] != drawn[1] && drawn[1] != drawn[2]);
        assert_eq!(drawn[0], png(&picture("a", (80, 20)), 2.0).unwrap());
    }

    #[test]
    fn bold_letters_are_bolder() {
        let text = picture("Title", (80, 20));
        let bold = text.replace("<text", "<text font-weight='bold'");
        assert!(ink(&png(&bold, 2.0).unwrap()) > ink(&png(&text, 2.0).unwrap()) * 5 / 4);
    }

    #[test]
    fn the_size_follows_the_scale_up_to_what_programs_open() {
        let size = |bytes: &[u8]| {
            let pixmap = Pixmap::decode_png(bytes).unwrap();
            (pixmap.width(), pixmap.height())
        };
        assert_eq!(size(&png(&picture("a", (80, 20)), 2.0).unwrap()), (160, 40));
        assert_eq!(size(&png(&picture("a", (80, 20)), 0.5).unwrap()), (40, 10));
        assert_eq!(size(&png(&picture("a", (32_768, 64)), 2.0).unwrap()), (16_384, 32));
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        for text in ["", "nothing", "<svg", "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='1'/>"] {
            let error = png(text, 2.0).unwrap_err().to_string();
            assert!(error.starts_with("the picture cannot be drawn: "), "{error}");
        }
    }
}
