//! How good answers and their confidences are, as numbers. Nothing here asks anybody.

/// One answered case: how sure the answerer was, and whether it was right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Between 0 and 1.
    pub confidence: f64,
    /// Whether the answer was right.
    pub right: bool,
}

/// One bin of a reliability diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Cases in it.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that was right.
    pub accuracy: f64,
}

/// The probability that a right answer has a higher confidence than a wrong one, ties
/// counted half. `None` when all are right or all are wrong.
pub fn auroc(samples: &[Sample]) -> Option<f64> {
    let mut sorted: Vec<Sample> = samples.to_vec();
    sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let (mut below, mut wins) = (0.0, 0.0);
    let mut rest = &sorted[..];
    while let Some(first) = rest.first() {
        let alike = rest.iter().take_while(|sample| sample.confidence == first.confidence).count();
        let (tied, further) = rest.split_at(alike);
        let right = tied.iter().filter(|sample| sample.right).count() as f64;
        let wrong = alike as f64 - right;
        wins += right * (below + wrong / 2.0);
        below += wrong;
        rest = further;
    }
    let right = sorted.len() as f64 - below;
    (right > 0.0 && below > 0.0).then(|| wins / (right * below))
}

/// Bins of equal width; empty ones are left out.
pub fn reliability(samples: &[Sample], bins: usize) -> Vec<Bin> {
    let bins = bins.max(1);
    let place = |sample: &&Sample| ((sample.confidence * bins as f64) as usize).min(bins - 1);
    let bin = |index: usize| {
        let members: Vec<&Sample> = samples.iter().filter(|sample| place(sample) == index).collect();
        let count = members.len();
        let mean = |of: fn(&Sample) -> f64| members.iter().map(|sample| of(sample)).sum::<f64>() / count as f64;
        (count > 0).then(|| Bin { count, confidence: mean(|s| s.confidence), accuracy: mean(|s| f64::from(u8::from(s.right))) })
    };
    (0..bins).filter_map(bin).collect()
}

/// Expected calibration error over ten bins: how far confidence and accuracy lie apart.
pub fn calibration_error(samples: &[Sample]) -> f64 {
    let weighted = |bin: &Bin| bin.count as f64 * (bin.confidence - bin.accuracy).abs();
    reliability(samples, 10).iter().map(weighted).sum::<f64>() / samples.len().max(1) as f64
}

/// The share of right answers; 0 for none at all.
pub fn accuracy(samples: &[Sample]) -> f64 {
    samples.iter().filter(|sample| sample.right).count() as f64 / samples.len().max(1) as f64
}

/// The value below which `share` of all lie (nearest rank); 0 for none at all.
pub fn percentile(values: &[u64], share: f64) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(pairs: &[(f64, bool)]) -> Vec<Sample> {
        pairs.iter().map(|(confidence, right)| Sample { confidence: *confidence, right: *right }).collect()
    }

    #[test]
    fn ranking_is_judged_by_pairs() {
        assert_eq!(auroc(&samples(&[(0.9, true), (0.8, true), (0.1, false)])), Some(1.0));
        assert_eq!(auroc(&samples(&[(0.1, true), (0.9, false)])), Some(0.0));
        assert_eq!(auroc(&samples(&[(0.5, true), (0.5, false)])), Some(0.5));
        assert_eq!(auroc(&samples(&[(0.5, true)])), None);
        // Of the four pairs two are in order and one is tied.
        assert_eq!(auroc(&samples(&[(0.9, true), (0.4, true), (0.4, false), (0.6, false)])), Some(0.625));
    }

    #[test]
    fn confidence_is_compared_with_accuracy_bin_by_bin() {
        let all = samples(&[(0.95, true), (0.95, true), (0.95, false), (0.15, false)]);
        assert_eq!(reliability(&all, 10).len(), 2);
        let expected = (3.0 * (0.95 - 2.0 / 3.0) + 0.15) / 4.0;
        assert!((calibration_error(&all) - expected).abs() < 1e-12);
        assert_eq!((accuracy(&all), accuracy(&[]), calibration_error(&[])), (0.5, 0.0, 0.0));
        assert_eq!(reliability(&samples(&[(1.0, true)]), 10)[0].count, 1);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(percentile(&[30, 10, 20], 0.5), 20);
        assert_eq!(percentile(&[30, 10, 20], 0.95), 30);
        assert_eq!(percentile(&[], 0.5), 0);
    }
}
