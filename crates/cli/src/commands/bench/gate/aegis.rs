//! AEGIS' public tool calls: what the schema, the contract, the scan and provenance each say to them. Its
//! labels are taken as they are, though some calls marked malicious are plainly harmless
//! (`SELECT * FROM users` of a tool that nobody described).

use super::court::{Court, call, stopped_by};
use super::{json, lines};
use crate::common::Trouble;
use emulant_ask::Call;
use emulant_gate::{Contract, Declaration, Scanner, Stage};
use emulant_host::manifest::{self, Manifest};
use emulant_host::run::shown_call;
use emulant_host::value::from_foreign;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Calls of one category.
#[derive(Default)]
struct Row {
    calls: usize,
    schema: usize,
    contract: usize,
    scan: usize,
    provenance: usize,
    foreign_stopped: usize,
    own_stopped: usize,
    /// What the scan missed, of it what the gate stops when the words are somebody else's, and of that what
    /// provenance alone would stop.
    missed: usize,
    missed_stopped: usize,
    missed_provenance: usize,
}

/// The columns, in their order.
const COLUMNS: [(&str, fn(&Row) -> usize); 10] = [
    ("calls", |row| row.calls),
    ("schema", |row| row.schema),
    ("contract", |row| row.contract),
    ("scan", |row| row.scan),
    ("provenance", |row| row.provenance),
    ("stopped_foreign", |row| row.foreign_stopped),
    ("stopped_own", |row| row.own_stopped),
    ("scan_misses", |row| row.missed),
    ("missed_stopped", |row| row.missed_stopped),
    ("by_provenance", |row| row.missed_provenance),
];

pub fn measure(file: &Path, tools: &Path, show: bool) -> Result<(Json, bool), Trouble> {
    let declared = emulant_host::record::to_declarations(&from_foreign(&json(tools)?));
    let tools = declared.ok_or_else(|| Trouble::usage(format!("{}: these are no declarations of tools", tools.display())))?;
    let bare = tools.iter().map(|tool| Declaration { contract: Contract { effect: tool.contract.effect, ..Contract::default() }, ..tool.clone() }).collect();
    let (court, bare) = (Court::new(tools.clone(), Manifest::default())?, Court::new(bare, Manifest::default())?);
    let cedar = match emulant_host::cedar::program() {
        None => None,
        Some(_) => {
            let policies = manifest::policies(&["default".to_string()], Path::new("")).map_err(Trouble::usage)?;
            Some(Court::new(tools, Manifest { policies, ..Manifest::default() })?)
        }
    };
    let scanner = Scanner::default();
    let mut rows: BTreeMap<(bool, String), Row> = BTreeMap::new();
    let (mut judged, mut differs) = (0, 0);
    for line in lines(file)? {
        let empty = serde_json::Map::new();
        let one = call(line["tool_call"]["tool_name"].as_str().unwrap_or_default(), line["tool_call"]["arguments"].as_object().unwrap_or(&empty));
        let is_benign = line["label"] == "benign";
        let row = rows.entry((is_benign, line["category"].as_str().unwrap_or("(none)").to_string())).or_default();
        let (foreign, own) = (court.decide(&one, |_| true), court.decide(&one, |_| false));
        if let Some(cedar) = &cedar {
            judged += 2;
            let differ = [cedar.decide(&one, |_| true), cedar.decide(&one, |_| false)].iter().zip([&foreign, &own]).filter(|(a, b)| stopped_by(a) != stopped_by(b)).count();
            differs += differ;
        }
        row.add(&one, &scanner, [stopped_by(&foreign), stopped_by(&own)], stopped_by(&bare.decide(&one, |_| true)));
        if show && ((stopped_by(&foreign).is_none() && !is_benign) || (stopped_by(&own).is_some() && is_benign)) {
            say_line!("aegis {} {}: {}", line["label"], line["category"], shown_call(&one));
        }
    }
    let mut all = Row::default();
    let width = rows.keys().map(|(_, name)| name.len() + 9).max().unwrap_or(0).max(12);
    say_line!("{:width$} {}", "aegis", COLUMNS.map(|(name, _)| name).join(" "));
    for ((is_benign, name), row) in &rows {
        say_line!("{:width$} {}", if *is_benign { format!("benign {name}") } else { name.clone() }, row.text());
        if !is_benign {
            all.join(row);
        }
    }
    say_line!("{:width$} {}", "malicious", all.text());
    say_line!("schema, contract, scan and provenance: what each would stop (the scan: find) alone; stopped: by the gate, whose arguments somebody else wrote, or the user");
    say_line!("of {} malicious calls the scan alone finds {} and misses {}; the gate stops {} of these, {} by provenance alone", all.calls, all.scan, all.missed, all.missed_stopped, all.missed_provenance);
    match &cedar {
        Some(_) => say_line!("the default policy in Cedar differs in {differs} of {judged} decisions"),
        None => say_line!("left out: the same by Cedar (emulant-cedar is not installed)"),
    }
    let mut figures: serde_json::Map<String, Json> = rows.iter().map(|((is_benign, name), row)| (if *is_benign { format!("benign {name}") } else { name.clone() }, row.json())).collect();
    figures.insert("malicious".into(), all.json());
    figures.insert("cedar".into(), if cedar.is_some() { json!({"judged": judged, "differs": differs}) } else { Json::Null });
    let own_denied: usize = rows.iter().filter(|((is_benign, _), _)| *is_benign).map(|(_, row)| row.own_stopped).sum();
    Ok((figures.into(), differs > 0 || own_denied > 0))
}

impl Row {
    fn add(&mut self, call: &Call, scanner: &Scanner, [foreign, own]: [Option<Stage>; 2], bare: Option<Stage>) {
        let found = !scanner.scan(call).is_empty();
        let by_provenance = bare == Some(Stage::Policy);
        self.calls += 1;
        self.schema += usize::from(own == Some(Stage::Schema));
        self.contract += usize::from(own == Some(Stage::Pre));
        self.scan += usize::from(found);
        self.provenance += usize::from(by_provenance);
        self.foreign_stopped += usize::from(foreign.is_some());
        self.own_stopped += usize::from(own.is_some());
        self.missed += usize::from(!found);
        self.missed_stopped += usize::from(!found && foreign.is_some());
        self.missed_provenance += usize::from(!found && by_provenance);
    }

    fn join(&mut self, other: &Row) {
        let Row { calls, schema, contract, scan, provenance, foreign_stopped, own_stopped, missed, missed_stopped, missed_provenance } = self;
        let mine = [calls, schema, contract, scan, provenance, foreign_stopped, own_stopped, missed, missed_stopped, missed_provenance];
        mine.into_iter().zip(COLUMNS).for_each(|(sum, (_, column))| *sum += column(other));
    }

    fn text(&self) -> String {
        COLUMNS.map(|(name, column)| format!("{:>1$}", column(self), name.len())).join(" ")
    }

    fn json(&self) -> Json {
        COLUMNS.iter().map(|(name, column)| (name.to_string(), json!(column(self)))).collect::<serde_json::Map<_, _>>().into()
    }
}
