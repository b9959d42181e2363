//! Decks, as other programs see them: python-pptx reads their charts and workbooks, and openxml-audit holds every part
//! to the schemas of Microsoft's Open XML SDK (ECMA-376 with its later versions).

use std::process::Command;

use serde_json::Value;

use crate::cli::{Program, repository};
use crate::decks::percentages;
use crate::outside::{answers, skipped};

/// A Python that has a module: the one that `RENKEI_PYTHON` names, Debian's, or the first on the path.
fn python_with(module: &str) -> Option<String> {
    let named = std::env::var("RENKEI_PYTHON").ok();
    let pythons = named.into_iter().chain(["/usr/bin/python3", "python3"].map(String::from));
    let import = format!("import {module}");
    pythons.into_iter().find(|python| answers(python, &["-c", &import]))
}

fn printed(python: &str, script: &str, file: &std::path::Path) -> String {
    let output = Command::new(python).args(["-c", script]).arg(file).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

const READ: &str = r#"
import io, json, sys
import openpyxl
from pptx import Presentation
charts = []
for number, slide in enumerate(Presentation(sys.argv[1]).slides):
    for shape in slide.shapes:
        if not shape.has_chart:
            continue
        chart, plot = shape.chart, shape.chart.plots[0]
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).worksheets[0]
        charts.append({
            "slide": number,
            "kind": str(chart.chart_type),
            "categories": list(plot.categories),
            "series": [[series.name, list(series.values)] for series in plot.series],
            "cells": [[cell.value for cell in row] for row in sheet.iter_rows()],
        })
print(json.dumps(charts))
"#;

#[test]
fn python_pptx_reads_charts_and_workbooks_as_the_tables_have_them() {
    let Some(python) = python_with("pptx, openpyxl") else {
        return skipped(
            "python_pptx_reads_charts_and_workbooks_as_the_tables_have_them",
            "Python with python-pptx and openpyxl",
        );
    };
    let program = Program::new();
    let study = repository("examples/municipal-progress-r3/study.toml");
    let run = program.run(&["deck", &study, "--group", "pref=32", "--out", "o.pptx"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let charts: Vec<Value> =
        serde_json::from_str(&printed(&python, READ, &program.path("o.pptx"))).expect("JSON");
    assert_eq!(charts.len(), 48);
    let list = |value: &Value| value.as_array().expect("a list").clone();
    for chart in &charts {
        // The workbook that "Edit data" opens has what is drawn, cell for cell.
        let (categories, series, cells) =
            (list(&chart["categories"]), list(&chart["series"]), list(&chart["cells"]));
        assert_eq!(cells.len(), categories.len() + 1, "{chart}");
        for (row, category) in categories.iter().enumerate() {
            assert_eq!(cells[row + 1][0], *category);
            for (column, series) in series.iter().enumerate() {
                assert_eq!(cells[0][column + 1], series[0]);
                assert_eq!(cells[row + 1][column + 1].as_f64(), series[1][row].as_f64(), "{chart}");
            }
        }
        let stacked = chart["kind"].as_str().is_some_and(|kind| kind.starts_with("BAR_STACKED"));
        assert!(
            stacked || chart["kind"].as_str().is_some_and(|kind| kind.starts_with("BAR_CLUSTERED")),
            "{chart}"
        );
    }
    for (slide, place, question) in
        [(2, 0, "dept"), (2, 1, "q1"), (6, 0, "q4a1"), (18, 0, "q4a7_2"), (33, 0, "q6a"), (37, 0, "q7:1")]
    {
        let chart = charts.iter().filter(|chart| chart["slide"] == slide).nth(place).expect("a chart");
        let tables = [percentages(question, &["--filter", "pref == 32"]), percentages(question, &[])];
        for (row, label) in list(&chart["categories"]).iter().enumerate() {
            for (series, table) in tables.iter().enumerate() {
                let value = chart["series"][series][1][row].as_f64().expect("a number");
                let label = label.as_str().expect("a label");
                assert!((value - table[label]).abs() < 1e-9, "{question} {label}: {value}");
            }
        }
    }
}

const AUDIT: &str = r#"
import sys
from openxml_audit import OpenXmlValidator
for path in sys.argv[1:]:
    for error in OpenXmlValidator().validate(path).errors:
        print(getattr(error, "part_uri", ""), getattr(error, "path", ""), error.description if hasattr(error, "description") else error)
"#;

#[test]
fn every_part_of_a_deck_is_valid_by_its_schema() {
    let Some(python) = python_with("openxml_audit") else {
        return skipped("every_part_of_a_deck_is_valid_by_its_schema", "Python with openxml-audit");
    };
    let program = Program::new();
    let study = repository("examples/municipal-progress-r3/study.toml");
    let run = program.run(&["deck", &study, "--group", "pref=32", "--out", "o.pptx"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let written = std::fs::read(program.path("o.pptx")).expect("a deck");
    assert_eq!(printed(&python, AUDIT, &program.path("o.pptx")), "");
    // It would be told: a chart whose bars have no direction that there is, and a part that is not there.
    let broken =
        crate::pptx::package::changed(&written, "ppt/charts/chart1.xml", "val=\"bar\"", "val=\"up\"");
    std::fs::write(program.path("broken.pptx"), broken).expect("a deck");
    let told = printed(&python, AUDIT, &program.path("broken.pptx"));
    assert!(told.contains("/ppt/charts/chart1.xml"), "{told}");
}
