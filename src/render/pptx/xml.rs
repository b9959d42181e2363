//! One small writer of XML: everything that is not markup goes through its escaping.

use std::fmt::{Display, Write};

/// Attributes of an element, in order.
pub(in crate::render) type Attributes<'a> = &'a [(&'a str, &'a dyn Display)];

/// A document while it is written.
#[derive(Debug, Default)]
pub(in crate::render) struct Xml(String);

impl Xml {
    /// A document with its declaration.
    pub(in crate::render) fn document() -> Xml {
        Xml("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".into())
    }

    /// An element and what `inside` writes into it.
    pub(in crate::render) fn element(
        &mut self,
        name: &str,
        attributes: Attributes,
        inside: impl FnOnce(&mut Xml),
    ) {
        self.start(name, attributes);
        self.0.push('>');
        inside(self);
        self.0 += &format!("</{name}>");
    }

    /// An element with nothing in it.
    pub(in crate::render) fn empty(&mut self, name: &str, attributes: Attributes) {
        self.start(name, attributes);
        self.0 += "/>";
    }

    /// An element with text in it.
    pub(in crate::render) fn leaf(&mut self, name: &str, attributes: Attributes, text: &str) {
        self.element(name, attributes, |xml| escape(text, &mut xml.0));
    }

    /// `<name val="value"/>`, as most of DrawingML is.
    pub(in crate::render) fn val(&mut self, name: &str, value: impl Display) {
        self.empty(name, &[("val", &value)]);
    }

    /// Markup as it stands: constants of ours only, and parts of a template.
    pub(in crate::render) fn raw(&mut self, markup: &str) {
        self.0 += markup;
    }

    /// The document as text.
    pub(in crate::render) fn finish(self) -> String {
        self.0
    }

    fn start(&mut self, name: &str, attributes: Attributes) {
        self.0.push('<');
        self.0 += name;
        for (key, value) in attributes {
            let mut plain = String::new();
            // Writing to a String does not fail.
            _ = write!(plain, "{value}");
            self.0 += &format!(" {key}=\"");
            // A parser would make blanks of line ends in an attribute.
            for (at, line) in plain.replace("\r\n", "\n").split('\n').enumerate() {
                self.0 += if at > 0 { "&#10;" } else { "" };
                escape(line, &mut self.0);
            }
            self.0.push('"');
        }
    }
}

/// The text with markup escaped, and U+FFFD for what XML 1.0 cannot hold at all.
fn escape(text: &str, out: &mut String) {
    // Line ends of Windows are line feeds here.
    for c in text.chars().filter(|c| *c != '\r') {
        match c {
            '&' => *out += "&amp;",
            '<' => *out += "&lt;",
            '>' => *out += "&gt;",
            '"' => *out += "&quot;",
            _ => out.push(legal(c)),
        }
    }
}

/// The character, or U+FFFD where XML 1.0 cannot hold it.
pub(in crate::render) fn legal(c: char) -> char {
    match c {
        '\t' | '\n' => c,
        '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn markup_and_control_characters_do_not_reach_the_document() {
        let mut xml = Xml::default();
        xml.leaf("a", &[("b", &"1 < \"2\"\n&")], "]]> <r>\u{0}\u{B}\u{FFFF}𠮷");
        assert_eq!(
            xml.finish(),
            "<a b=\"1 &lt; &quot;2&quot;&#10;&amp;\">]]&gt; &lt;r&gt;\u{FFFD}\u{FFFD}\u{FFFD}𠮷</a>"
        );
    }
}
