//! From a name to somebody who answers.

use crate::calibrate::Calibration;
use crate::{
    Backend, Cassette, Local, ModelError, Options, Person, Progress, Remote, Route, Rung, Script, Spec, Steady, find, pull, weights,
};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Maps that come with models of the catalogue, fitted on tuning cases of `corpus/typed`.
const FITTED: [&str; 2] = [include_str!("../calibration/small.json"), include_str!("../calibration/default.json")];

/// Hears about progress from several threads.
pub type Teller = Arc<Mutex<dyn FnMut(&Progress) + Send>>;

/// The backend that `spec` names. Weights that are not on this computer yet are
/// fetched, which `tell` hears; of a route only what is asked is opened.
///
/// # Errors
/// A sentence for a person: no network, a full disk, a damaged file.
pub fn open(spec: &Spec, options: &Options, tell: &Teller) -> Result<Box<dyn Backend>, ModelError> {
    let mut progress = |progress: &Progress| {
        if let Ok(mut tell) = tell.lock() {
            tell(progress);
        }
    };
    let later = |spec: &Spec| {
        let (spec, options, tell) = (spec.clone(), options.clone(), Arc::clone(tell));
        Box::new(move || open(&spec, &options, &tell))
    };
    Ok(match spec {
        Spec::Named(name) => {
            let path = pull(name, &mut progress)?;
            let local = Local::open_pinned(&find(name)?, &path, options, &mut progress)?;
            steady(Box::new(local), Some(&path), options)?
        }
        Spec::File(path) => steady(Box::new(Local::open(path, options, &mut progress)?), Some(path), options)?,
        Spec::Remote { dialect, name, url } => steady(Box::new(Remote::new(dialect, name, url, options)?), None, options)?,
        Spec::Script(path) => Box::new(Script::open(path)?),
        Spec::Person => Box::new(Person(options.person.clone())),
        Spec::Route(rungs) => Box::new(Route::new(rungs.iter().map(|(spec, ppm)| Rung::new(spec.to_string(), *ppm, later(spec))).collect())),
        Spec::Cassette { mode, path, inner } => {
            let opener = match inner {
                Some(inner) => later(inner),
                None => later(&Spec::Route(Vec::new())),
            };
            // Only what can be said without opening it; otherwise what was recorded stands.
            Box::new(Cassette::open(*mode, path, None, opener)?)
        }
    })
}

/// A model with the maps that belong to it.
fn steady(backend: Box<dyn Backend>, weights: Option<&Path>, options: &Options) -> Result<Box<dyn Backend>, ModelError> {
    let calibration = match &options.calibration {
        _ if !options.calibrated => None,
        Some(given) if given.model != backend.identity() => {
            return Err(ModelError::Spec(format!("the calibration was fitted for {}, not for {}", given.model, backend.identity())));
        }
        Some(given) => Some(given.clone()),
        None => own(&backend.identity(), weights)?,
    };
    // Decision endpoints give calibrated numbers; only a model of our own is corrected.
    let batch = options.batch_calibration && weights.is_some();
    Ok(Box::new(Steady::new(backend, calibration, batch)))
}

/// The file beside the weights, or the map that comes with this version.
fn own(identity: &str, weights: Option<&Path>) -> Result<Option<Calibration>, ModelError> {
    let beside = weights.map(calibration_path).filter(|path| path.is_file());
    if let Some(path) = beside {
        return Calibration::read(&path).map(|calibration| Some(calibration).filter(|calibration| calibration.model == identity));
    }
    let known = FITTED.iter().filter_map(|text| Calibration::parse(text).ok());
    Ok(known.into_iter().find(|calibration| calibration.model == identity && calibration.prompt == crate::prompt::SESSION))
}

/// Where the map of the model with these weights is kept.
pub fn calibration_path(weights: &Path) -> std::path::PathBuf {
    weights.with_extension("calibration.json")
}

/// Where the map of this model is kept: beside its weights.
///
/// # Errors
/// It has none.
pub fn calibration_file(spec: &Spec) -> Result<std::path::PathBuf, ModelError> {
    match spec {
        Spec::Named(name) => {
            let entry = find(name)?;
            Ok(calibration_path(&weights::cached(&entry).ok_or_else(|| ModelError::Disk(format!("{name} is not on this computer")))?))
        }
        Spec::File(path) => Ok(calibration_path(path)),
        other => Err(ModelError::Spec(format!("{other} has no weights beside which a calibration could be kept; give --out"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maps_that_come_along_belong_to_models_of_the_catalogue() {
        for text in FITTED {
            let calibration = Calibration::parse(text).unwrap();
            assert_eq!(calibration.prompt, crate::prompt::SESSION);
            let known = weights::catalogue().iter().any(|entry| calibration.model == format!("{}@{}", entry.name, &entry.sha256[..12]));
            assert!(known && calibration.cases > 50, "{}", calibration.model);
            assert!(own(&calibration.model, None).unwrap().is_some());
        }
        assert!(own("another@0123456789ab", None).unwrap().is_none());
    }
}
