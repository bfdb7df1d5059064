//! The measurement of typed cases as one page with pictures, without scripts and without
//! anything from elsewhere.

use crate::measure::{Sample, accuracy, auroc, calibration_error, reliability};
use crate::report::{Pair, Prices, Row, routed, rows};
use crate::typed::{Half, Outcome};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Edge of a picture in pixels.
const SIZE: f64 = 320.0;
/// Room for numbers beside it.
const EDGE: f64 = 40.0;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}\
table{border-collapse:collapse;margin:1em 0}td,th{padding:.15em .7em;text-align:right;border-bottom:1px solid #ddd}\
td:first-child,th:first-child{text-align:left}svg{margin:.5em 1em .5em 0}svg text{font:11px sans-serif;fill:#444}\
.pictures{display:flex;flex-wrap:wrap}figure{margin:0}figcaption{text-align:center}";

/// The page for what several models made of the same cases, each list under the model's
/// name. With at least two, the first is routed to the last.
pub fn page(models: &[(String, Vec<Outcome>)], prices: &Prices) -> String {
    let mut html = format!("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Typed cases</title><style>{STYLE}</style><h1>Typed cases</h1>\n");
    summary(&mut html, models);
    html.push_str("<h2>Reliability</h2><p>Of the answers that claim a confidence, the share that is right, on cases not used for fitting. \
        The area of a dot is the number of cases.</p><div class=\"pictures\">\n");
    for (name, outcomes) in models {
        figure(&mut html, name, &reliability_picture(&samples(outcomes, |o| o.half == Half::HeldOut)));
    }
    html.push_str("</div>\n");
    if let [(small, first), .., (large, last)] = models {
        let pairs = pairs(first, last);
        let held_out: Vec<Pair> = pairs.into_iter().filter(|pair| pair.small.half == Half::HeldOut).collect();
        let _ = write!(html, "<h2>Routed</h2><p>{} first; {} where it is unsure. Held-out cases.</p><div class=\"pictures\">\n", text(small), text(large));
        figure(&mut html, "accuracy over the share of large calls", &route_picture(&held_out, prices));
        html.push_str("</div>\n");
        route_table(&mut html, &rows(&held_out, prices));
    }
    by(&mut html, "type", models, |outcome| outcome.family.clone());
    by(&mut html, "task", models, |outcome| outcome.task.clone());
    html.push_str("</html>\n");
    html
}

/// The outcomes of two models for the same cases.
pub(crate) fn pairs(small: &[Outcome], large: &[Outcome]) -> Vec<Pair> {
    let same = |one: &Outcome, other: &Outcome| one.task == other.task && one.index == other.index;
    let pair = |one: &Outcome| large.iter().find(|other| same(one, other)).map(|other| Pair { small: one.clone(), large: other.clone() });
    small.iter().filter_map(pair).collect()
}

fn samples(outcomes: &[Outcome], wanted: impl Fn(&Outcome) -> bool) -> Vec<Sample> {
    outcomes.iter().filter(|outcome| wanted(outcome)).filter_map(Outcome::sample).collect()
}

fn text(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn number(value: Option<f64>) -> String {
    value.map_or("-".into(), |value| format!("{value:.3}"))
}

fn summary(html: &mut String, models: &[(String, Vec<Outcome>)]) {
    html.push_str("<table><tr><th>model<th>cases<th>right (tuning)<th>right (held out)<th>valid<th>AUROC<th>calibration error\n");
    for (name, outcomes) in models {
        let (tuning, held_out) = (samples(outcomes, |o| o.half == Half::Tuning), samples(outcomes, |o| o.half == Half::HeldOut));
        let valid = outcomes.iter().filter(|outcome| outcome.answer.is_some()).count() as f64 / outcomes.len().max(1) as f64;
        let cells = [percent(accuracy(&tuning)), percent(accuracy(&held_out)), percent(valid), number(auroc(&held_out)), number(Some(calibration_error(&held_out)))];
        let _ = write!(html, "<tr><td>{}<td>{}<td>{}\n", text(name), outcomes.len(), cells.join("<td>"));
    }
    html.push_str("</table><p>AUROC and calibration error are of the held-out cases.</p>\n");
}

fn by(html: &mut String, what: &str, models: &[(String, Vec<Outcome>)], of: impl Fn(&Outcome) -> String) {
    let keys: BTreeSet<String> = models.iter().flat_map(|(_, outcomes)| outcomes.iter().map(&of)).collect();
    let heads: Vec<String> = models.iter().map(|(name, _)| format!("<th>{}", text(name))).collect();
    let _ = write!(html, "<h2>By {what}</h2><table><tr><th>{what}<th>cases{}\n", heads.concat());
    for key in keys {
        let count = models.first().map_or(0, |(_, outcomes)| outcomes.iter().filter(|o| of(o) == key).count());
        let cells: Vec<String> = models.iter().map(|(_, outcomes)| format!("<td>{}", percent(accuracy(&samples(outcomes, |o| of(o) == key))))).collect();
        let _ = write!(html, "<tr><td>{}<td>{count}{}\n", text(&key), cells.concat());
    }
    html.push_str("</table>\n");
}

fn route_table(html: &mut String, rows: &[Row]) {
    html.push_str("<table><tr><th>way<th>large calls<th>right<th>valid<th>cost for each right answer<th>p50 ms<th>p95 ms<th>regret\n");
    for row in rows {
        let cells = [percent(row.large_share), percent(row.accuracy), percent(row.valid), format!("{:.6}", row.cost_per_success)];
        let _ = write!(html, "<tr><td>{}<td>{}<td>{}<td>{}<td>{}\n", text(&row.way), cells.join("<td>"), row.p50_ms, row.p95_ms, percent(row.regret));
    }
    html.push_str("</table>\n");
}

fn figure(html: &mut String, caption: &str, picture: &str) {
    let _ = write!(html, "<figure>{picture}<figcaption>{}</figcaption></figure>\n", text(caption));
}

/// A square from 0 to 1 in both directions, with `inside` drawn in it.
fn square(inside: &str, x_name: &str, y_name: &str) -> String {
    let whole = SIZE + EDGE * 1.5;
    let mut svg = format!("<svg width=\"{whole}\" height=\"{whole}\" role=\"img\">");
    for step in 0..=4 {
        let at = f64::from(step) / 4.0;
        let (x, y) = place(at, at);
        let (bottom, left) = (SIZE + EDGE / 2.0, EDGE);
        let _ = write!(svg, "<path d=\"M{x:.1} {bottom:.1}V{:.1}M{left:.1} {y:.1}H{:.1}\" stroke=\"#eee\"/>", EDGE / 2.0, left + SIZE);
        let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{at}</text>", bottom + 14.0);
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{at}</text>", left - 5.0, y + 4.0);
    }
    let _ = write!(svg, "{inside}<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>", EDGE + SIZE / 2.0, whole - 8.0, text(x_name));
    let _ = write!(svg, "<text x=\"{EDGE}\" y=\"12\">{}</text></svg>", text(y_name));
    svg
}

fn place(x: f64, y: f64) -> (f64, f64) {
    (EDGE + x * SIZE, EDGE / 2.0 + (1.0 - y) * SIZE)
}

fn line(points: impl Iterator<Item = (f64, f64)>, colour: &str) -> String {
    let points: Vec<String> = points.map(|(x, y)| place(x, y)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    format!("<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>", points.join(" "))
}

fn reliability_picture(samples: &[Sample]) -> String {
    let mut inside = line([(0.0, 0.0), (1.0, 1.0)].into_iter(), "#bbb");
    for bin in reliability(samples, 10) {
        let (x, y) = place(bin.confidence, bin.accuracy);
        let radius = (bin.count as f64 / samples.len().max(1) as f64).sqrt() * 20.0 + 1.0;
        let _ = write!(inside, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#2563eb88\"/>");
    }
    square(&inside, "confidence", "right")
}

fn route_picture(pairs: &[Pair], prices: &Prices) -> String {
    let points = (0..=50).map(|step| routed(pairs, prices, f64::from(step) / 50.0)).map(|row| (row.large_share, row.accuracy));
    let all = rows(pairs, prices);
    let level = |way: &str, colour: &str| {
        let height = all.iter().find(|row| row.way == way).map_or(0.0, |row| row.accuracy);
        line([(0.0, height), (1.0, height)].into_iter(), colour)
    };
    let inside = level("small alone", "#bbb") + &level("large alone", "#888") + &level("oracle", "#16a34a") + &line(points, "#2563eb");
    square(&inside, "share of large calls", "right (grey: each alone, green: oracle)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome(index: usize, right: bool, ppm: u32) -> Outcome {
        Outcome {
            task: "a<b".into(), index, half: if index % 2 == 0 { Half::Tuning } else { Half::HeldOut }, family: "bool".into(), by: "m".into(),
            answer: Some(json!(true)), reason: String::new(), right: Some(right), confidence_ppm: Some(ppm), calibration: String::new(),
            tokens_in: 1, tokens_out: 1, time_us: 1000, tried: Vec::new(),
        }
    }

    #[test]
    fn the_page_shows_all_models_and_escapes_what_it_shows() {
        let small: Vec<Outcome> = (0..20).map(|index| outcome(index, index % 4 < 2, 500_000 + index as u32 * 20_000)).collect();
        let large: Vec<Outcome> = (0..20).map(|index| outcome(index, index != 3, 900_000)).collect();
        let html = page(&[("small & co".into(), small), ("large".into(), large)], &Prices::new());
        assert!(html.contains("small &amp; co") && html.contains("a&lt;b") && !html.contains("a<b"), "{html}");
        assert_eq!(html.matches("<svg").count(), 3);
        assert!(html.contains("<td>oracle<td>") && html.contains("By task"));
    }
}
