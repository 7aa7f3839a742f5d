//! Pictures as PNG: beside those of every verb that writes SVG.

use super::desk::{Desk, data};

/// The width and height in the header of a PNG.
fn size(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

fn bytes(desk: &Desk, name: &str) -> Vec<u8> {
    std::fs::read(desk.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The size that an SVG says it has.
fn size_of_svg(desk: &Desk, name: &str) -> (u32, u32) {
    let text = desk.read(name);
    let number = |name: &str| {
        let rest = text.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    ((2.0 * number("width")).ceil() as u32, (2.0 * number("height")).ceil() as u32)
}

#[test]
fn every_picture_is_written_as_png_too_and_recorded() {
    let desk = Desk::new();
    let plan = data("first-plan.csv");
    desk.run(&format!("solve {plan} --gantt --png -o out")).expect(0).complains("as PNG, too: 1 picture");
    let png = bytes(&desk, "out/gantt.png");
    assert_eq!(size(&png), size_of_svg(&desk, "out/gantt.svg"));
    assert!(desk.read("out/run.json").contains("gantt.png"));
    desk.run("audit out").expect(0);
    desk.run(&format!("solve {plan} --gantt --png -o again -q")).expect(0);
    assert_eq!(bytes(&desk, "again/gantt.png"), png);
    desk.run(&format!("risk {plan} --samples 200 --png -o risk")).expect(0);
    assert_eq!(size(&bytes(&desk, "risk/finish.png")), size_of_svg(&desk, "risk/finish.svg"));
    // Of each plan of a batch.
    let other = data("app-launch");
    desk.run(&format!("solve {plan} {other} --gantt --png -o batch")).expect(0).complains("as PNG, too: 2 pictures");
}

#[test]
fn a_png_does_not_outlive_its_picture() {
    let desk = Desk::new();
    let plan = data("first-plan.csv");
    let run = |flags: &str| {
        desk.run(&format!("solve {plan} {flags} -o out")).expect(0);
        ["gantt.svg", "gantt.png"].map(|name| desk.path("out").join(name).exists())
    };
    assert_eq!(run("--gantt --png"), [true, true]);
    assert_eq!(run("--gantt"), [true, false], "it would be the picture of another schedule");
    assert_eq!(run("--gantt --png"), [true, true]);
    assert_eq!(run("--png"), [false, false]);
    desk.run(&format!("solve {plan} --png")).expect(2).complains("give -o OUT");
}
