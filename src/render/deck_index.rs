//! The index of many groups' files: a page to click in, and a list for programs.

use maud::{DOCTYPE, PreEscaped, html as markup};

use super::csv::harmless;
use super::page::policy;
use crate::diag::{thousands, visible};
use crate::sheet::Language;

const STYLE: &str = include_str!("document/paper.css");

/// A group and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexLine {
    /// Its code; of several groups together none.
    pub code: Option<String>,
    /// What it is called.
    pub label: String,
    /// Its respondents; `None`: that is hidden.
    pub n: Option<u64>,
    /// Its files in the folder; a folder ends with `/`.
    pub files: Vec<String>,
    /// What was done, or why there are no files.
    pub rule: String,
}

/// The list, with the columns `code,group,n,files,rule`; several files are parted by `;`.
pub fn csv(lines: &[IndexLine]) -> String {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(vec![0xEF, 0xBB, 0xBF]);
    // Writing into memory does not fail.
    _ = writer.write_record(["code", "group", "n", "files", "rule"]);
    for line in lines {
        let code = line.code.as_deref().unwrap_or_default();
        let files = line.files.join(";");
        _ = writer.write_record([
            &harmless(code),
            &harmless(&line.label),
            &line.n.map_or_else(|| "x".to_string(), |n| n.to_string()),
            &harmless(&files),
            &line.rule,
        ]);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The page; `stated`: what it says of disclosure control.
pub fn html(title: &str, stated: &str, lines: &[IndexLine], language: Language) -> String {
    let heads = match language {
        Language::Japanese => ["コード", "グループ", "n", "ファイル", "扱い"],
        Language::English => ["Code", "Group", "n", "File", "Rule"],
    };
    let page = markup! {
        (DOCTYPE)
        html lang=(language.choose("ja", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(STYLE, None));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="renkei";
                title { (visible(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (visible(title)) }
                    p { (stated) }
                    table {
                        thead { tr { @for head in heads { th scope="col" { (head) } } } }
                        tbody {
                            @for line in lines {
                                tr {
                                    td { @if let Some(code) = &line.code { (visible(code)) } }
                                    th scope="row" { (visible(&line.label)) }
                                    td.number { (line.n.map_or_else(|| "x".to_string(), thousands)) }
                                    td { @for file in &line.files { a href=(file) { (file) } " " } }
                                    td { (line.rule) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page.into_string() + "\n"
}
