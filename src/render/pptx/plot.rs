//! A chart as ChartML (ECMA-376, part 1, 21.2). The schema is a sequence: the order of elements matters.

use super::chart::{Axis, Chart, Grouping, Kind, LabelPlace, Legend, Mark, Point, Series, number_format};
use super::frame::Frame;
use super::label;
use super::package::{CHART, DRAWING, RELATIONS};
use super::text::{Measure, look};
use super::theme::{Colour, Palette};
use super::workbook::{cell_text, mark};
use super::xml::Xml;

/// Identifiers of the axes within a chart: names, values; names and values of the second pair.
const AXES: [u32; 4] = [500_001, 500_002, 500_003, 500_004];

/// What is needed at every step.
pub(super) struct Plot<'a> {
    pub(super) chart: &'a Chart,
    pub(super) frame: Frame,
    pub(super) palette: &'a Palette,
    pub(super) measure: Measure<'a>,
}

impl Plot<'_> {
    /// The chart as a part whose workbook is the relation `workbook`.
    pub(super) fn part(&self, workbook: &str) -> String {
        let mut xml = Xml::document();
        let names: super::xml::Attributes =
            &[("xmlns:c", &CHART), ("xmlns:a", &DRAWING), ("xmlns:r", &RELATIONS)];
        xml.element("c:chartSpace", names, |xml| {
            xml.val("c:date1904", 0);
            xml.val("c:lang", "ja-JP");
            xml.val("c:roundedCorners", 0);
            xml.element("c:chart", &[], |xml| self.chart(xml));
            xml.element("c:spPr", &[], |xml| {
                xml.empty("a:noFill", &[]);
                xml.element("a:ln", &[], |xml| xml.empty("a:noFill", &[]));
            });
            self.words(xml, Colour::Dark, self.frame.size, 0);
            xml.element("c:externalData", &[("r:id", &workbook)], |xml| xml.val("c:autoUpdate", 0));
        });
        xml.finish()
    }

    fn chart(&self, xml: &mut Xml) {
        if let Some(title) = &self.chart.title {
            self.title(xml, title, self.frame.size * 1.15, 1);
        }
        xml.val("c:autoTitleDeleted", u8::from(self.chart.title.is_none()));
        xml.element("c:plotArea", &[], |xml| {
            layout(xml, Some("inner"), self.frame.plot);
            self.groups(xml);
            self.axes(xml);
        });
        let place = match self.chart.legend {
            Legend::None => None,
            Legend::Top => Some("t"),
            Legend::Bottom => Some("b"),
            Legend::Right => Some("r"),
        };
        if let Some(place) = place {
            xml.element("c:legend", &[], |xml| {
                xml.val("c:legendPos", place);
                if let Some(area) = self.frame.legend {
                    layout(xml, None, area);
                }
                xml.val("c:overlay", 0);
                self.words(xml, Colour::Dark, self.frame.size, 0);
            });
        }
        xml.val("c:plotVisOnly", 1);
        xml.val("c:dispBlanksAs", "gap");
    }

    /// Writes bars, then lines, then lines of the second axis: each group has one kind and one axis.
    fn groups(&self, xml: &mut Xml) {
        let of = |wanted: Mark| -> Vec<(usize, &Series)> {
            // Only columns share their chart with lines.
            let mark =
                |series: &Series| if self.chart.kind == Kind::Column { series.mark } else { Mark::Bar };
            self.chart.series.iter().enumerate().filter(|(_, series)| mark(series) == wanted).collect()
        };
        let (own, lines, second) = (of(Mark::Bar), of(Mark::Line), of(Mark::SecondLine));
        match self.chart.kind {
            Kind::Bar | Kind::Column => self.bars(xml, &own),
            Kind::Line => self.lines(xml, &own, &AXES[..2]),
            Kind::Pie | Kind::Doughnut => self.pie(xml, &own),
        }
        if !lines.is_empty() {
            self.lines(xml, &lines, &AXES[..2]);
        }
        if !second.is_empty() {
            self.lines(xml, &second, if self.has_second() { &AXES[2..] } else { &AXES[..2] });
        }
    }

    fn has_second(&self) -> bool {
        let second = |series: &Series| series.mark == Mark::SecondLine;
        self.chart.kind == Kind::Column
            && self.chart.second_axis.is_some()
            && self.chart.series.iter().any(second)
    }

    fn bars(&self, xml: &mut Xml, series: &[(usize, &Series)]) {
        xml.element("c:barChart", &[], |xml| {
            xml.val("c:barDir", if self.chart.kind == Kind::Bar { "bar" } else { "col" });
            let (grouping, overlap) = match self.chart.grouping {
                Grouping::Clustered => ("clustered", self.chart.overlap.clamp(-100, 100)),
                Grouping::Stacked => ("stacked", 100),
                Grouping::Hundred => ("percentStacked", 100),
            };
            xml.val("c:grouping", grouping);
            xml.val("c:varyColors", 0);
            for (at, series) in series {
                self.series(xml, *at, series, |xml| {
                    self.fill(xml, series.colour);
                    xml.val("c:invertIfNegative", 0);
                    self.points(xml, series, true);
                });
            }
            xml.val("c:gapWidth", self.chart.gap.min(500));
            xml.val("c:overlap", overlap);
            AXES[..2].iter().for_each(|axis| xml.val("c:axId", axis));
        });
    }

    fn lines(&self, xml: &mut Xml, series: &[(usize, &Series)], axes: &[u32]) {
        xml.element("c:lineChart", &[], |xml| {
            xml.val("c:grouping", "standard");
            xml.val("c:varyColors", 0);
            for (at, series) in series {
                self.series(xml, *at, series, |xml| {
                    xml.element("c:spPr", &[], |xml| series.colour.line(xml, "a:ln", 2.25));
                    xml.element("c:marker", &[], |xml| {
                        xml.val("c:symbol", ["circle", "square", "diamond", "triangle"][at % 4]);
                        xml.val("c:size", 7);
                        xml.element("c:spPr", &[], |xml| {
                            series.colour.fill(xml);
                            series.colour.line(xml, "a:ln", 0.75);
                        });
                    });
                });
            }
            xml.val("c:marker", 1);
            axes.iter().for_each(|axis| xml.val("c:axId", axis));
        });
    }

    fn pie(&self, xml: &mut Xml, series: &[(usize, &Series)]) {
        let doughnut = self.chart.kind == Kind::Doughnut;
        xml.element(if doughnut { "c:doughnutChart" } else { "c:pieChart" }, &[], |xml| {
            xml.val("c:varyColors", 1);
            for (at, series) in series {
                self.series(xml, *at, series, |xml| self.points(xml, series, false));
            }
            xml.val("c:firstSliceAng", 0);
            if doughnut {
                xml.val("c:holeSize", 55);
            }
        });
    }

    fn series(&self, xml: &mut Xml, at: usize, series: &Series, look: impl FnOnce(&mut Xml)) {
        let column = column(at + 1);
        let last = self.chart.categories.len() + 1;
        xml.element("c:ser", &[], |xml| {
            xml.val("c:idx", at);
            xml.val("c:order", at);
            xml.element("c:tx", &[], |xml| texts(xml, &format!("Sheet1!${column}$1"), &[&series.name]));
            look(xml);
            label::labels(self, xml, series);
            let names: Vec<&String> = self.chart.categories.iter().collect();
            xml.element("c:cat", &[], |xml| texts(xml, &format!("Sheet1!$A$2:$A${last}"), &names));
            xml.element("c:val", &[], |xml| {
                self.numbers(xml, &format!("Sheet1!${column}$2:${column}${last}"), series)
            });
            if self.chart.kind == Kind::Line || series.mark != Mark::Bar {
                xml.val("c:smooth", 0);
            }
        });
    }

    fn numbers(&self, xml: &mut Xml, formula: &str, series: &Series) {
        xml.element("c:numRef", &[], |xml| {
            xml.leaf("c:f", &[], formula);
            xml.element("c:numCache", &[], |xml| {
                xml.leaf("c:formatCode", &[], &series.format());
                xml.val("c:ptCount", self.chart.categories.len());
                for at in 0..self.chart.categories.len() {
                    let Some(point) = series.point(at) else { continue };
                    // PowerPoint reads text in a cell as zero.
                    let text = mark(self.chart, series, point).map(|_| 0.0);
                    if let Some(number) = point.number().or(text) {
                        xml.element("c:pt", &[("idx", &at)], |xml| xml.leaf("c:v", &[], &number.to_string()));
                    }
                }
            });
        });
    }

    fn points(&self, xml: &mut Xml, series: &Series, bars: bool) {
        for (at, point) in series.points.iter().take(self.chart.categories.len()).enumerate() {
            let own = self.own_colour(at, point);
            let Some(colour) = own.or(point.outline.map(|_| series.colour)) else { continue };
            xml.element("c:dPt", &[], |xml| {
                xml.val("c:idx", at);
                if bars {
                    xml.val("c:invertIfNegative", 0);
                }
                xml.val("c:bubble3D", 0);
                self.piece(xml, colour, point.outline);
            });
        }
    }

    /// The colour of a point that does not have its series'; parts of a pie have one each.
    fn own_colour(&self, at: usize, point: &Point) -> Option<Colour> {
        let pie = matches!(self.chart.kind, Kind::Pie | Kind::Doughnut);
        point.colour.or(pie.then_some(Colour::Accent((at % 6) as u8 + 1)))
    }

    /// The colour a label stands on.
    pub(super) fn ground(&self, at: usize, series: &Series, point: &Point) -> Colour {
        self.own_colour(at, point).unwrap_or(series.colour)
    }

    fn fill(&self, xml: &mut Xml, colour: Colour) {
        self.piece(xml, colour, None);
    }

    fn piece(&self, xml: &mut Xml, colour: Colour, outline: Option<Colour>) {
        xml.element("c:spPr", &[], |xml| {
            colour.fill(xml);
            if let Some(outline) = outline {
                return outline.line(xml, "a:ln", 2.25);
            }
            // Pieces that touch are kept apart by the ground.
            let touch = self.chart.grouping != Grouping::Clustered
                || matches!(self.chart.kind, Kind::Pie | Kind::Doughnut);
            if touch {
                Colour::Light.line(xml, "a:ln", 0.75);
            }
        });
    }

    fn axes(&self, xml: &mut Xml) {
        if matches!(self.chart.kind, Kind::Pie | Kind::Doughnut) {
            return;
        }
        let bar = self.chart.kind == Kind::Bar;
        self.names_axis(xml, AXES[0], AXES[1], if bar { "l" } else { "b" }, false);
        // Where names run from the top down, the axis of values would stand on top, but for `max`.
        let crosses = if bar { "max" } else { "autoZero" };
        self.values_axis(xml, &self.chart.axis, (AXES[1], AXES[0]), if bar { "b" } else { "l" }, crosses);
        if let Some(second) = self.chart.second_axis.as_ref().filter(|_| self.has_second()) {
            self.names_axis(xml, AXES[2], AXES[3], "b", true);
            self.values_axis(xml, second, (AXES[3], AXES[2]), "r", "max");
        }
    }

    fn names_axis(&self, xml: &mut Xml, id: u32, crossed: u32, place: &str, hidden: bool) {
        xml.element("c:catAx", &[], |xml| {
            xml.val("c:axId", id);
            let order = if self.chart.kind == Kind::Bar { "maxMin" } else { "minMax" };
            xml.element("c:scaling", &[], |xml| xml.val("c:orientation", order));
            xml.val("c:delete", u8::from(hidden));
            xml.val("c:axPos", place);
            xml.empty("c:numFmt", &[("formatCode", &"General"), ("sourceLinked", &0)]);
            xml.val("c:majorTickMark", "none");
            xml.val("c:minorTickMark", "none");
            // Beside the plot, not beside bars that go below zero.
            xml.val("c:tickLblPos", "low");
            xml.element("c:spPr", &[], |xml| GREY.line(xml, "a:ln", 0.75));
            // No turned names: they are given the room they need.
            self.words(xml, Colour::Dark, self.frame.size, 0);
            xml.val("c:crossAx", crossed);
            xml.val("c:crosses", "autoZero");
            xml.val("c:auto", 0);
            xml.val("c:lblAlgn", "ctr");
            xml.val("c:lblOffset", 60);
            // Every name is shown, however many there are.
            xml.val("c:tickLblSkip", 1);
            xml.val("c:noMultiLvlLbl", 1);
        });
    }

    fn values_axis(&self, xml: &mut Xml, axis: &Axis, (id, crossed): (u32, u32), place: &str, crosses: &str) {
        // A chart of 100 % counts its axis in parts of one.
        let hundred =
            self.chart.grouping == Grouping::Hundred && id == AXES[1] && self.chart.kind != Kind::Line;
        let scale = if hundred { 100.0 } else { 1.0 };
        xml.element("c:valAx", &[], |xml| {
            xml.val("c:axId", id);
            xml.element("c:scaling", &[], |xml| {
                xml.val("c:orientation", "minMax");
                if let Some(maximum) = axis.maximum {
                    xml.val("c:max", maximum / scale);
                }
                if let Some(minimum) = axis.minimum {
                    xml.val("c:min", minimum / scale);
                }
            });
            xml.val("c:delete", u8::from(!axis.visible));
            xml.val("c:axPos", place);
            if axis.visible && id == AXES[1] {
                xml.element("c:majorGridlines", &[], |xml| {
                    xml.element("c:spPr", &[], |xml| PALE.line(xml, "a:ln", 0.5));
                });
            }
            if let Some(title) = axis.title.as_ref().filter(|_| axis.visible) {
                self.title(xml, title, self.frame.size, 0);
            }
            let format = if hundred { "0%".to_string() } else { axis_format(axis) };
            xml.empty("c:numFmt", &[("formatCode", &format), ("sourceLinked", &0)]);
            xml.val("c:majorTickMark", "none");
            xml.val("c:minorTickMark", "none");
            xml.val("c:tickLblPos", "nextTo");
            xml.element("c:spPr", &[], |xml| xml.element("a:ln", &[], |xml| xml.empty("a:noFill", &[])));
            self.words(xml, Colour::Dark, self.frame.size, 0);
            xml.val("c:crossAx", crossed);
            xml.val("c:crosses", crosses);
            xml.val("c:crossBetween", "between");
            if let Some(step) = axis.step.filter(|step| *step > 0.0) {
                xml.val("c:majorUnit", step / scale);
            }
        });
    }

    fn title(&self, xml: &mut Xml, title: &str, size: f64, bold: u8) {
        xml.element("c:title", &[], |xml| {
            xml.element("c:tx", &[], |xml| self.rich(xml, title, size, bold, Colour::Dark));
            xml.val("c:overlay", 0);
        });
    }

    /// Writes words given as text.
    pub(super) fn rich(&self, xml: &mut Xml, text: &str, size: f64, bold: u8, colour: Colour) {
        let size = super::presentation::hundredths(size);
        xml.element("c:rich", &[], |xml| {
            xml.empty("a:bodyPr", &[]);
            for line in text.split('\n') {
                xml.element("a:p", &[], |xml| {
                    xml.element("a:pPr", &[], |xml| {
                        look(xml, "a:defRPr", size, bold, Some(|xml: &mut Xml| colour.fill(xml)))
                    });
                    xml.element("a:r", &[], |xml| {
                        look(xml, "a:rPr", size, bold, Some(|xml: &mut Xml| colour.fill(xml)));
                        xml.leaf("a:t", &[], line);
                    });
                });
            }
        });
    }

    /// Writes the look of words that come from the data.
    pub(super) fn words(&self, xml: &mut Xml, colour: Colour, size: f64, bold: u8) {
        let size = super::presentation::hundredths(size);
        xml.element("c:txPr", &[], |xml| {
            xml.empty("a:bodyPr", &[("rot", &0), ("vert", &"horz")]);
            xml.element("a:p", &[], |xml| {
                xml.element("a:pPr", &[], |xml| {
                    look(xml, "a:defRPr", size, bold, Some(|xml: &mut Xml| colour.fill(xml)))
                });
                xml.empty("a:endParaRPr", &[("lang", &"ja-JP")]);
            });
        });
    }

    /// Where a label stands, as this kind of chart can have it; a doughnut's cannot be chosen.
    pub(super) fn place(&self, series: &Series) -> Option<&'static str> {
        let line =
            self.chart.kind == Kind::Line || (self.chart.kind == Kind::Column && series.mark != Mark::Bar);
        let stacked = self.chart.grouping != Grouping::Clustered;
        match (self.chart.kind, series.labels) {
            (Kind::Doughnut, _) | (_, LabelPlace::None) => None,
            (_, LabelPlace::Centre) => Some("ctr"),
            _ if line => Some("t"),
            (Kind::Bar | Kind::Column, LabelPlace::OutsideEnd) if stacked => Some("inEnd"),
            (_, LabelPlace::InsideEnd) => Some("inEnd"),
            (_, LabelPlace::OutsideEnd) => Some("outEnd"),
        }
    }
}

const GREY: Colour = Colour::Rgb(super::theme::Rgb(0x80, 0x80, 0x80));
const PALE: Colour = Colour::Rgb(super::theme::Rgb(0xD9, 0xD9, 0xD9));

fn axis_format(axis: &Axis) -> String {
    // As many places as the step needs; without a step the program chooses.
    match axis.step {
        Some(step) if step.fract() != 0.0 => number_format(1, &axis.suffix),
        Some(_) => number_format(0, &axis.suffix),
        None if axis.suffix.is_empty() => "General".into(),
        None => format!("General{}", &number_format(0, &axis.suffix)[1..]),
    }
}

/// Writes where something stands, in parts of the chart: left, top, width, height.
fn layout(xml: &mut Xml, target: Option<&str>, area: [f64; 4]) {
    xml.element("c:layout", &[], |xml| {
        xml.element("c:manualLayout", &[], |xml| {
            target.iter().for_each(|target| xml.val("c:layoutTarget", target));
            xml.val("c:xMode", "edge");
            xml.val("c:yMode", "edge");
            for (name, part) in ["c:x", "c:y", "c:w", "c:h"].into_iter().zip(area) {
                xml.val(name, format!("{part:.4}"));
            }
        });
    });
}

/// A reference to texts, with what they are.
fn texts(xml: &mut Xml, formula: &str, texts: &[&String]) {
    xml.element("c:strRef", &[], |xml| {
        xml.leaf("c:f", &[], formula);
        xml.element("c:strCache", &[], |xml| {
            xml.val("c:ptCount", texts.len());
            for (at, text) in texts.iter().enumerate() {
                xml.element("c:pt", &[("idx", &at)], |xml| xml.leaf("c:v", &[], &cell_text(text)));
            }
        });
    });
}

/// A column's letters: 0 is A.
fn column(mut at: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return letters.into_iter().collect();
        }
        at = at / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_named_as_a_workbook_names_them() {
        assert_eq!([0, 25, 26, 701, 702].map(super::column), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
