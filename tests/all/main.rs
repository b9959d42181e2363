#[test]
fn base() {}
