//! The three row-wise steps of a transformer that candle-core does not have:
//! normalising, turning by position, and attention under a mask.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Device, Layout, Result, Shape, Storage, Tensor, bail};
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

/// Keys and values of a run of tokens, `[key heads, capacity, width]` each.
pub(super) struct Run<'a> {
    pub(super) keys: &'a Tensor,
    pub(super) values: &'a Tensor,
    /// How many of the capacity are there.
    pub(super) tokens: usize,
}

/// What each token of a pass sees: all of the prefix, and of the tree what its mask says.
pub(super) struct Sight<'a> {
    pub(super) prefix: Option<Run<'a>>,
    pub(super) tree: Run<'a>,
    pub(super) sees: &'a [Vec<bool>],
}

/// Attention of `query`, `[tokens, heads, width]`, over what each token sees.
///
/// Sums run over the seen tokens in their order, whatever part of them is prefix, so that
/// a text gives the same bits however it was cut into passes and threads.
pub(super) fn attention(query: &Tensor, sight: &Sight) -> Result<Tensor> {
    let (tokens, heads, width) = query.dims3()?;
    let (key_heads, _, key_width) = sight.tree.keys.dims3()?;
    if tokens != sight.sees.len() || key_heads == 0 || heads % key_heads != 0 || key_width != width || width == 0 {
        bail!("{heads} heads of width {width} for {tokens} tokens do not fit {key_heads} of width {key_width}");
    }
    let (query, query_layout) = query.storage_and_layout();
    let query = floats(&query, query_layout)?;
    let (keys, keys_layout) = sight.tree.keys.storage_and_layout();
    let (values, values_layout) = sight.tree.values.storage_and_layout();
    let near = Rows { keys: floats(&keys, keys_layout)?, values: floats(&values, values_layout)?, capacity: sight.tree.keys.dim(1)? };
    let held = sight.prefix.as_ref().map(|run| (run.keys.storage_and_layout(), run.values.storage_and_layout(), run));
    let far = match &held {
        Some(((keys, keys_layout), (values, values_layout), run)) => {
            Some((Rows { keys: floats(keys, keys_layout)?, values: floats(values, values_layout)?, capacity: run.keys.dim(1)? }, run.tokens))
        }
        None => None,
    };
    let group = heads / key_heads;
    let mut out = vec![0f32; tokens * heads * width];
    // One task for each token and key head: the query heads that share keys read them once.
    out.par_chunks_exact_mut(group * width).enumerate().for_each(|(task, out)| {
        let (token, key_head) = (task / key_heads, task % key_heads);
        let start = (token * heads + key_head * group) * width;
        let seen = sight.sees[token].iter().enumerate().filter(|(_, seen)| **seen).map(|(index, _)| near.row(key_head, index, width));
        let before = far.iter().flat_map(|(rows, count)| (0..*count).map(move |index| rows.row(key_head, index, width)));
        attend_rows(&query[start..start + group * width], before.chain(seen), width, out);
    });
    Tensor::from_vec(out, (tokens, heads * width), &Device::Cpu)
}

/// The contiguous numbers of a tensor on the processor.
fn floats<'a>(storage: &'a Storage, layout: &Layout) -> Result<&'a [f32]> {
    match storage {
        Storage::Cpu(storage) => numbers(storage, layout),
        _ => bail!("attention runs on the processor"),
    }
}

struct Rows<'a> {
    keys: &'a [f32],
    values: &'a [f32],
    capacity: usize,
}

impl<'a> Rows<'a> {
    /// Key and value of one token under one head.
    fn row(&self, head: usize, token: usize, width: usize) -> (&'a [f32], &'a [f32]) {
        let start = (head * self.capacity + token) * width;
        (&self.keys[start..start + width], &self.values[start..start + width])
    }
}

/// Softmax of the products with the keys, and the values' sum under it, for each of several
/// queries that lie one behind the other.
fn attend_rows<'a>(queries: &[f32], rows: impl Iterator<Item = (&'a [f32], &'a [f32])>, width: usize, out: &mut [f32]) {
    let scale = 1.0 / (width as f32).sqrt();
    let rows: Vec<(&[f32], &[f32])> = rows.collect();
    let mut weights = vec![0f32; rows.len()];
    for (query, out) in queries.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        let mut top = f32::NEG_INFINITY;
        for (weight, (key, _)) in weights.iter_mut().zip(&rows) {
            *weight = product(query, key) * scale;
            top = top.max(*weight);
        }
        let mut sum = 0.0;
        for weight in &mut weights {
            *weight = (*weight - top).exp();
            sum += *weight;
        }
        for (weight, (_, value)) in weights.iter().zip(&rows) {
            let share = weight / sum;
            out.iter_mut().zip(*value).for_each(|(out, value)| *out += share * value);
        }
    }
}

/// The sum of products, always in the same order: sixteen lanes, then the lanes.
fn product(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut lanes = [0f32; LANES];
    let (whole_a, whole_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = whole_a.remainder().iter().zip(whole_b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in whole_a.zip(whole_b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn tensor(numbers: &[f32], shape: (usize, usize, usize)) -> Tensor {
        Tensor::from_slice(numbers, shape, &Device::Cpu).unwrap()
    }

    #[test]
    fn what_is_not_seen_weighs_nothing() {
        // Two heads share one key head of width 1; the tree's first token is hidden from the second.
        let (keys, values) = (tensor(&[0.0, 9.0, 7.0], (1, 3, 1)), tensor(&[2.0, 4.0, 1e9], (1, 3, 1)));
        let (far_keys, far_values) = (tensor(&[0.0], (1, 1, 1)), tensor(&[6.0], (1, 1, 1)));
        let query = tensor(&[0.0, 0.0, 0.0, 0.0], (2, 2, 1));
        let sees = [vec![true, false], vec![false, true]];
        let sight = Sight {
            prefix: Some(Run { keys: &far_keys, values: &far_values, tokens: 1 }),
            tree: Run { keys: &keys, values: &values, tokens: 2 },
            sees: &sees,
        };
        close(&attention(&query, &sight).unwrap(), &[4.0, 4.0, 5.0, 5.0]);
    }

    #[test]
    fn the_cut_between_prefix_and_tree_does_not_show() {
        let mut noise = 1u32;
        let mut next = || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let (tokens, width) = (37, 24);
        let keys: Vec<f32> = (0..2 * tokens * width).map(|_| next()).collect();
        let values: Vec<f32> = (0..2 * tokens * width).map(|_| next()).collect();
        let query: Vec<f32> = (0..4 * width).map(|_| next() * 8.0).collect();
        let query = tensor(&query, (1, 4, width));
        let part = |all: &[f32], from: usize, to: usize| {
            let both: Vec<f32> = (0..2).flat_map(|head| all[(head * tokens + from) * width..(head * tokens + to) * width].to_vec()).collect();
            tensor(&both, (2, to - from, width))
        };
        let cut = |at: usize| {
            let (far_keys, far_values) = (part(&keys, 0, at), part(&values, 0, at));
            let (near_keys, near_values) = (part(&keys, at, tokens), part(&values, at, tokens));
            let sees = [vec![true; tokens - at]];
            let prefix = (at > 0).then_some(Run { keys: &far_keys, values: &far_values, tokens: at });
            let sight = Sight { prefix, tree: Run { keys: &near_keys, values: &near_values, tokens: tokens - at }, sees: &sees };
            attention(&query, &sight).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        let whole: Vec<u32> = cut(0).iter().map(|number| number.to_bits()).collect();
        for at in [1, 16, 36] {
            assert_eq!(whole, cut(at).iter().map(|number| number.to_bits()).collect::<Vec<_>>(), "cut at {at}");
        }
    }
}
