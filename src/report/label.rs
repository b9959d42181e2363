//! Labels of sections: numbers in the forms that papers and slides have.

/// A label for the section of this number: `{n}` in digits, `{roman}` as Ⅰ, `{circled}` as ①.
pub fn label(pattern: &str, number: usize, full_width: bool) -> String {
    let digits = match full_width {
        true => crate::figures::full_width(&number.to_string()),
        false => number.to_string(),
    };
    pattern.replace("{n}", &digits).replace("{roman}", &roman(number)).replace("{circled}", &circled(number))
}

/// `Ⅳ`: one character up to twelve, as Japanese papers have them; letters beyond.
fn roman(number: usize) -> String {
    const SIGNS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if let Some(one) = (1..=12).contains(&number).then(|| '\u{2160}' as u32 + number as u32 - 1) {
        return char::from_u32(one).map_or(String::new(), String::from);
    }
    let (mut left, mut letters) = (number, String::new());
    for (value, sign) in SIGNS {
        letters += &sign.repeat(left / value);
        left %= value;
    }
    letters
}

/// `④` up to fifty; `(51)` beyond, for which there is no sign.
fn circled(number: usize) -> String {
    let first = match number {
        1..=20 => 0x2460 - 1,
        21..=35 => 0x3251 - 21,
        36..=50 => 0x32B1 - 36,
        _ => return format!("({number})"),
    };
    char::from_u32(first + number as u32).map_or(String::new(), String::from)
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn numbers_have_the_forms_of_papers_and_slides() {
        assert_eq!(label("{roman}．", 4, false), "Ⅳ．");
        assert_eq!([label("{roman}", 12, true), label("{roman}", 14, true)], ["Ⅻ", "XIV"]);
        let signs = [1, 20, 21, 35, 36, 50, 51].map(|number| label("{circled}", number, false));
        assert_eq!(signs, ["①", "⑳", "㉑", "㉟", "㊱", "㊿", "(51)"]);
        assert_eq!(label("調査結果{n}．", 10, true), "調査結果１０．");
    }
}
