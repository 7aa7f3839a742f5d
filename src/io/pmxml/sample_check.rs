#[test]
fn sample() {
    let Ok(bytes) = std::fs::read("/work/shared/interchange/aspose-PrimaveraProject.xml") else { return };
    let draft = crate::io::read_bytes("sample.xml", bytes, &Default::default());
    for table in &draft.tables {
        println!("== {:?}", table.kind());
        println!("{}", table.columns().iter().map(|c| c.header.to_string()).collect::<Vec<_>>().join("|"));
        for row in 0..table.len() {
            println!("{}", table.row(row).collect::<Vec<_>>().join("|"));
        }
    }
    for f in draft.findings.iter() {
        println!("{f}");
    }
    match crate::plan::validate(&draft) {
        Ok((_, findings)) => {
            println!("VALID");
            for f in findings.iter() {
                println!("{f}");
            }
        }
        Err(error) => {
            println!("INVALID");
            for f in error.findings().into_iter().flat_map(|f| f.iter()) {
                println!("{f}");
            }
        }
    }
}
