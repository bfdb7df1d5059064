//! The three row-wise steps of a transformer that candle-core does not have:
//! normalising, turning by position, and attention's softmax under a mask.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, bail};
use rayon::prelude::*;

/// The contiguous numbers of a tensor.
fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => bail!("a row-wise step needs contiguous rows"),
    }
}

/// Each row divided by its root mean square, times a weight.
pub(super) struct RmsNorm {
    pub(super) epsilon: f32,
}

impl CustomOp2 for RmsNorm {
    fn name(&self) -> &'static str {
        "rms-norm"
    }

    fn cpu_fwd(&self, x: &CpuStorage, x_layout: &Layout, weight: &CpuStorage, weight_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, weight) = (numbers(x, x_layout)?, numbers(weight, weight_layout)?);
        if weight.is_empty() || x.len() % weight.len() != 0 {
            bail!("rows of {:?} cannot be weighted by {} numbers", x_layout.shape(), weight.len());
        }
        let mut out = Vec::with_capacity(x.len());
        for row in x.chunks_exact(weight.len()) {
            let mean = row.iter().map(|v| v * v).sum::<f32>() / row.len() as f32;
            let scale = 1.0 / (mean + self.epsilon).sqrt();
            out.extend(row.iter().zip(weight).map(|(v, w)| v * scale * w));
        }
        Ok((CpuStorage::F32(out), x_layout.shape().clone()))
    }
}

/// Rotary position embedding over `[tokens, heads, width]`.
pub(super) struct Turn<'a> {
    /// For each token, `(cos, sin)` of each of its angles; `width / 2` at most.
    pub(super) angles: &'a [Vec<(f32, f32)>],
    /// Whether the two numbers of a pair are neighbours, or half a head apart.
    pub(super) neighbours: bool,
}

impl CustomOp1 for Turn<'_> {
    fn name(&self) -> &'static str {
        "turn"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (tokens, heads, width) = layout.shape().dims3()?;
        let mut out = numbers(x, layout)?.to_vec();
        if tokens != self.angles.len() || self.angles.iter().any(|angles| angles.len() * 2 > width) {
            bail!("{} positions for {tokens} tokens of width {width}", self.angles.len());
        }
        for (index, head) in out.chunks_exact_mut(width).enumerate() {
            let angles = &self.angles[index / heads];
            for (pair, (cos, sin)) in angles.iter().enumerate() {
                let (i, j) = if self.neighbours { (2 * pair, 2 * pair + 1) } else { (pair, pair + angles.len()) };
                let (a, b) = (head[i], head[j]);
                head[i] = a * cos - b * sin;
                head[j] = a * sin + b * cos;
            }
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

/// Softmax over the last of `[groups, rows, columns]` where row `r` belongs to token
/// `r % tokens`. The first `prefix` columns are seen by all, the others by mask.
pub(super) struct Softmax<'a> {
    pub(super) scale: f32,
    pub(super) prefix: usize,
    /// For each token, which columns after the prefix it sees.
    pub(super) sees: &'a [Vec<bool>],
}

impl CustomOp1 for Softmax<'_> {
    fn name(&self) -> &'static str {
        "masked-softmax"
    }

    fn cpu_fwd(&self, scores: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (_, rows, columns) = layout.shape().dims3()?;
        let tokens = self.sees.len();
        if tokens == 0 || rows % tokens != 0 || self.sees.iter().any(|sees| self.prefix + sees.len() != columns) {
            bail!("a mask for {tokens} tokens does not fit {:?}", layout.shape());
        }
        let mut out = numbers(scores, layout)?.to_vec();
        out.par_chunks_exact_mut(columns).enumerate().for_each(|(row, scores)| self.row(scores, row % tokens));
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

impl Softmax<'_> {
    fn row(&self, scores: &mut [f32], token: usize) {
        for (score, seen) in scores[self.prefix..].iter_mut().zip(&self.sees[token]) {
            if !seen {
                *score = f32::NEG_INFINITY;
            }
        }
        let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for score in scores.iter_mut() {
            *score = ((*score - top) * self.scale).exp();
            sum += *score;
        }
        scores.iter_mut().for_each(|score| *score /= sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Tensor};

    fn close(tensor: &Tensor, expected: &[f32]) {
        let found = tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let near = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(near, "{found:?} is not {expected:?}");
    }

    #[test]
    fn a_row_is_scaled_to_length_one_in_the_mean() {
        let x = Tensor::new(&[[3f32, 4.0], [0.0, 0.0]], &Device::Cpu).unwrap();
        let weight = Tensor::new(&[1f32, 2.0], &Device::Cpu).unwrap();
        let out = x.apply_op2_no_bwd(&weight, &RmsNorm { epsilon: 1e-12 }).unwrap();
        let root = 12.5f32.sqrt();
        close(&out, &[3.0 / root, 8.0 / root, 0.0, 0.0]);
    }

    #[test]
    fn pairs_are_neighbours_or_half_a_head_apart() {
        let x = Tensor::new(&[[[1f32, 2.0, 3.0, 4.0]]], &Device::Cpu).unwrap();
        let quarter = [vec![(0.0, 1.0), (1.0, 0.0)]];
        close(&x.apply_op1_no_bwd(&Turn { angles: &quarter, neighbours: true }).unwrap(), &[-2.0, 1.0, 3.0, 4.0]);
        close(&x.apply_op1_no_bwd(&Turn { angles: &quarter, neighbours: false }).unwrap(), &[-3.0, 2.0, 1.0, 4.0]);
    }

    #[test]
    fn what_is_not_seen_weighs_nothing() {
        let scores = Tensor::new(&[[[0f32, 9.0, 0.0], [5.0, 5.0, 5.0]]], &Device::Cpu).unwrap();
        let sees = [vec![false, true], vec![true, false]];
        let out = scores.apply_op1_no_bwd(&Softmax { scale: 2.0, prefix: 1, sees: &sees }).unwrap();
        close(&out, &[0.5, 0.0, 0.5, 0.5, 0.5, 0.0]);
    }
}
