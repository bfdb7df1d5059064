//! The forward pass of the `qwen2` and `llama` families over GGUF weights.
//!
//! A pass takes tokens that form a tree: each sees the prefix and its own
//! ancestors, so that many independent continuations of one prefix are one matrix
//! product. Keys and values of the prefix are immutable and shared; those of the
//! tree grow beside them. Nothing here knows what the tokens mean.

use super::kernels::{RmsNorm, Run, Sight, Turn, attention};
use candle_core::{
    DType, Device, Module, Result, Tensor, bail,
    quantized::{GgmlDType, QMatMul, QTensor, gguf_file},
};
use std::{
    io::{Read, Seek},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A prompt longer than what the weights were trained for gives nonsense.
const CONTEXT_DEFAULT: usize = 2048;

/// Weights, ready to multiply.
pub(super) struct Network {
    shape: Dimensions,
    embedding: Arc<QTensor>,
    blocks: Vec<Block>,
    norm: Tensor,
    head: QMatMul,
    /// How far each pair of numbers turns from one position to the next.
    frequencies: Vec<f32>,
    /// Tokens that went through.
    computed: AtomicU64,
}

#[derive(Clone, Copy)]
struct Dimensions {
    heads: usize,
    key_heads: usize,
    head_width: usize,
    epsilon: f32,
    /// See [`Turn::neighbours`].
    neighbours: bool,
    context: usize,
    vocabulary: usize,
}

struct Block {
    attention_norm: Tensor,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    feed_norm: Tensor,
    gate: Linear,
    up: Linear,
    down: Linear,
}

struct Linear {
    weight: QMatMul,
    bias: Option<Tensor>,
}

impl Linear {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let out = self.weight.forward(x)?;
        match &self.bias {
            Some(bias) => out.broadcast_add(bias),
            None => Ok(out),
        }
    }
}

/// Keys and values of a run of tokens, for each block.
#[derive(Clone, Default)]
pub(super) struct Memory {
    /// `[key heads, capacity, head width]` each.
    layers: Vec<(Tensor, Tensor)>,
    tokens: usize,
}

impl Memory {
    pub(super) fn tokens(&self) -> usize {
        self.tokens
    }

    /// The first `tokens` of it; shares the storage.
    pub(super) fn head(&self, tokens: usize) -> Memory {
        Memory { layers: self.layers.clone(), tokens: tokens.min(self.tokens) }
    }

    /// Both in one, in storage of its own.
    pub(super) fn join(&self, other: &Memory) -> Result<Memory> {
        let layers = (0..other.layers.len())
            .map(|layer| {
                let ((k, v), (more_k, more_v)) = (self.at(layer)?.unzip(), other.at(layer)?.unzip());
                Ok((joined(k, more_k)?, joined(v, more_v)?))
            })
            .collect::<Result<_>>()?;
        Ok(Memory { layers, tokens: self.tokens + other.tokens })
    }

    /// All keys and values, layer by layer.
    pub(super) fn numbers(&self) -> Result<Vec<f32>> {
        let mut numbers = Vec::new();
        for layer in 0..self.layers.len() {
            let Some((k, v)) = self.at(layer)? else { continue };
            numbers.extend(k.flatten_all()?.to_vec1::<f32>()?);
            numbers.extend(v.flatten_all()?.to_vec1::<f32>()?);
        }
        Ok(numbers)
    }

    fn at(&self, layer: usize) -> Result<Option<(Tensor, Tensor)>> {
        match self.layers.get(layer) {
            Some((k, v)) if self.tokens > 0 => Ok(Some((k.narrow(1, 0, self.tokens)?, v.narrow(1, 0, self.tokens)?))),
            _ => Ok(None),
        }
    }

    /// Writes the newest tokens behind the ones that are there. The caller counts
    /// them when the last layer has been written.
    fn push(&mut self, layer: usize, k: &Tensor, v: &Tensor) -> Result<()> {
        let (key_heads, added, width) = k.dims3()?;
        let needed = self.tokens + added;
        if layer == self.layers.len() {
            let room = (key_heads, needed.next_power_of_two(), width);
            self.layers.push((Tensor::zeros(room, DType::F32, &Device::Cpu)?, Tensor::zeros(room, DType::F32, &Device::Cpu)?));
        } else if self.layers[layer].0.dim(1)? < needed {
            let room = (key_heads, needed.next_power_of_two(), width);
            let (old_k, old_v) = &self.layers[layer];
            self.layers[layer] = (grown(old_k, room, self.tokens)?, grown(old_v, room, self.tokens)?);
        }
        let (all_k, all_v) = &self.layers[layer];
        all_k.slice_set(k, 1, self.tokens)?;
        all_v.slice_set(v, 1, self.tokens)
    }
}

fn grown(old: &Tensor, room: (usize, usize, usize), tokens: usize) -> Result<Tensor> {
    let new = Tensor::zeros(room, DType::F32, &Device::Cpu)?;
    if tokens > 0 {
        new.slice_set(&old.narrow(1, 0, tokens)?.contiguous()?, 1, 0)?;
    }
    Ok(new)
}

fn joined(first: Option<Tensor>, second: Option<Tensor>) -> Result<Tensor> {
    match (first, second) {
        (Some(first), Some(second)) => Tensor::cat(&[&first, &second], 1),
        (Some(one), None) | (None, Some(one)) => one.contiguous(),
        (None, None) => bail!("nothing to join"),
    }
}

/// What a pass computes over.
pub(super) struct Pass<'a> {
    /// Keys and values that every token sees.
    pub(super) prefix: &'a Memory,
    /// The tokens, parents before children.
    pub(super) tokens: &'a [u32],
    /// Each token's distance from the start of the text.
    pub(super) positions: &'a [usize],
    /// For each token, which tokens of the tree it sees: those of earlier passes
    /// first, then those of this one.
    pub(super) sees: &'a [Vec<bool>],
    /// The tokens after which we want to know what comes next.
    pub(super) wanted: &'a [u32],
}

impl Network {
    pub(super) fn load<R: Read + Seek>(content: &gguf_file::Content, reader: &mut R) -> Result<Network> {
        let architecture = text(content, "general.architecture")?;
        let neighbours = match architecture.as_str() {
            "llama" => true,
            "qwen2" => false,
            other => bail!("weights of the kind {other:?}; only qwen2 and llama can run here"),
        };
        let number = |name: &str| integer(content, &format!("{architecture}.{name}"));
        let (blocks, width, heads) = (number("block_count")?, number("embedding_length")?, number("attention.head_count")?);
        let key_heads = number("attention.head_count_kv").unwrap_or(heads);
        if heads == 0 || key_heads == 0 || heads % key_heads != 0 || blocks > 1024 {
            bail!("{heads} heads over {key_heads} in {blocks} blocks do not fit");
        }
        let head_width = number("attention.key_length").unwrap_or(width / heads);
        let turned = number("rope.dimension_count").unwrap_or(head_width).min(head_width);
        let base = float(content, &format!("{architecture}.rope.freq_base")).unwrap_or(10_000.0);
        let mut loader = Loader { content, reader };
        let frequencies = loader.frequencies(turned, base)?;
        let embedding = Arc::new(loader.tensor("token_embd.weight")?);
        let vocabulary = embedding.shape().dims2()?.0;
        let head = match content.tensor_infos.contains_key("output.weight") {
            true => product(Arc::new(loader.tensor("output.weight")?))?,
            false => product(Arc::clone(&embedding))?,
        };
        Ok(Network {
            shape: Dimensions {
                heads,
                key_heads,
                head_width,
                epsilon: float(content, &format!("{architecture}.attention.layer_norm_rms_epsilon"))?,
                neighbours,
                context: number("context_length").unwrap_or(CONTEXT_DEFAULT),
                vocabulary,
            },
            embedding,
            blocks: (0..blocks).map(|index| loader.block(index)).collect::<Result<_>>()?,
            norm: loader.plain("output_norm.weight")?,
            head,
            frequencies,
            computed: AtomicU64::new(0),
        })
    }

    /// Longest text that the weights were trained for, in tokens.
    pub(super) fn context(&self) -> usize {
        self.shape.context
    }

    /// Tokens that went through it so far.
    pub(super) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// How many numbers the memory of so many tokens has.
    pub(super) fn memory_numbers(&self, tokens: usize) -> usize {
        2 * self.blocks.len() * self.shape.key_heads * self.shape.head_width * tokens
    }

    /// The memory that [`Memory::numbers`] wrote down.
    pub(super) fn memory_from(&self, numbers: Vec<f32>, tokens: usize) -> Result<Memory> {
        let room = (self.shape.key_heads, tokens, self.shape.head_width);
        let size = room.0 * room.1 * room.2;
        if tokens == 0 || numbers.len() != self.memory_numbers(tokens) {
            bail!("{} numbers are no memory of {tokens} tokens", numbers.len());
        }
        let tensor = |numbers: &[f32]| Tensor::from_slice(numbers, room, &Device::Cpu);
        let layers = numbers.chunks_exact(2 * size).map(|both| Ok((tensor(&both[..size])?, tensor(&both[size..])?)));
        Ok(Memory { layers: layers.collect::<Result<_>>()?, tokens })
    }

    /// Computes `pass`, adds its keys and values to `tree`, and returns one row of
    /// scores over the vocabulary for each wanted token.
    pub(super) fn forward(&self, pass: &Pass, tree: &mut Memory) -> Result<Vec<Vec<f32>>> {
        if let Some(token) = pass.tokens.iter().find(|token| **token as usize >= self.shape.vocabulary) {
            bail!("token {token} lies outside the vocabulary");
        }
        self.computed.fetch_add(pass.tokens.len() as u64, Ordering::Relaxed);
        let ids = Tensor::new(pass.tokens, &Device::Cpu)?;
        let mut x = self.embedding.embedding(&ids)?;
        let angles = self.angles(pass.positions);
        for (layer, block) in self.blocks.iter().enumerate() {
            x = (&x + self.attend(layer, block, &self.normed(&x, &block.attention_norm)?, pass, &angles, tree)?)?;
            let fed = self.normed(&x, &block.feed_norm)?;
            let gated = (block.gate.forward(&fed)?.silu()? * block.up.forward(&fed)?)?;
            x = (x + block.down.forward(&gated)?)?;
        }
        tree.tokens += pass.tokens.len();
        if pass.wanted.is_empty() {
            return Ok(Vec::new());
        }
        let rows = x.index_select(&Tensor::new(pass.wanted, &Device::Cpu)?, 0)?;
        self.head.forward(&self.normed(&rows, &self.norm)?)?.to_vec2()
    }

    fn normed(&self, x: &Tensor, weight: &Tensor) -> Result<Tensor> {
        x.apply_op2_no_bwd(weight, &RmsNorm { epsilon: self.shape.epsilon })
    }

    fn angles(&self, positions: &[usize]) -> Vec<Vec<(f32, f32)>> {
        let turn = |position: usize| {
            let angle = move |frequency: &f32| (position as f32 * frequency).sin_cos();
            self.frequencies.iter().map(angle).map(|(sin, cos)| (cos, sin)).collect()
        };
        positions.iter().map(|position| turn(*position)).collect()
    }

    fn attend(&self, layer: usize, block: &Block, x: &Tensor, pass: &Pass, angles: &[Vec<(f32, f32)>], tree: &mut Memory) -> Result<Tensor> {
        let Dimensions { heads, key_heads, head_width, neighbours, .. } = self.shape;
        let tokens = pass.tokens.len();
        let turn = Turn { angles, neighbours };
        let query = block.query.forward(x)?.reshape((tokens, heads, head_width))?.apply_op1_no_bwd(&turn)?;
        let key = block.key.forward(x)?.reshape((tokens, key_heads, head_width))?.apply_op1_no_bwd(&turn)?;
        let value = block.value.forward(x)?.reshape((tokens, key_heads, head_width))?;
        tree.push(layer, &key.transpose(0, 1)?.contiguous()?, &value.transpose(0, 1)?.contiguous()?)?;

        let (keys, values) = &tree.layers[layer];
        let prefix = pass.prefix.layers.get(layer).filter(|_| pass.prefix.tokens > 0);
        let sight = Sight {
            prefix: prefix.map(|(keys, values)| Run { keys, values, tokens: pass.prefix.tokens }),
            tree: Run { keys, values, tokens: tree.tokens + tokens },
            sees: pass.sees,
        };
        block.output.forward(&attention(&query, &sight)?)
    }
}

struct Loader<'a, R> {
    content: &'a gguf_file::Content,
    reader: &'a mut R,
}

impl<R: Read + Seek> Loader<'_, R> {
    fn tensor(&mut self, name: &str) -> Result<QTensor> {
        self.content.tensor(self.reader, name, &Device::Cpu)
    }

    fn plain(&mut self, name: &str) -> Result<Tensor> {
        self.tensor(name)?.dequantize(&Device::Cpu)
    }

    fn linear(&mut self, name: &str) -> Result<Linear> {
        let bias = format!("{name}.bias");
        Ok(Linear {
            weight: product(Arc::new(self.tensor(&format!("{name}.weight"))?))?,
            bias: self.content.tensor_infos.contains_key(&bias).then(|| self.plain(&bias)).transpose()?,
        })
    }

    fn block(&mut self, index: usize) -> Result<Block> {
        let name = |part: &str| format!("blk.{index}.{part}");
        Ok(Block {
            attention_norm: self.plain(&name("attn_norm.weight"))?,
            query: self.linear(&name("attn_q"))?,
            key: self.linear(&name("attn_k"))?,
            value: self.linear(&name("attn_v"))?,
            output: self.linear(&name("attn_output"))?,
            feed_norm: self.plain(&name("ffn_norm.weight"))?,
            gate: self.linear(&name("ffn_gate"))?,
            up: self.linear(&name("ffn_up"))?,
            down: self.linear(&name("ffn_down"))?,
        })
    }

    /// Some files stretch the frequencies for long texts by factors of their own.
    fn frequencies(&mut self, turned: usize, base: f32) -> Result<Vec<f32>> {
        let mut all: Vec<f32> = (0..turned / 2).map(|pair| base.powf(-2.0 * pair as f32 / turned as f32)).collect();
        if self.content.tensor_infos.contains_key("rope_freqs.weight") {
            let factors = self.plain("rope_freqs.weight")?.flatten_all()?.to_vec1::<f32>()?;
            all.iter_mut().zip(factors).for_each(|(frequency, factor)| *frequency /= factor);
        }
        Ok(all)
    }
}

/// Quantised weights stay as they are where a fast product exists. Others are
/// widened: as f32 they take more memory and a tenth of the time.
fn product(tensor: Arc<QTensor>) -> Result<QMatMul> {
    let columns = tensor.shape().dims2()?.1;
    let fast = matches!(tensor.dtype(), GgmlDType::Q4K | GgmlDType::Q6K | GgmlDType::Q8_0) && columns % 256 == 0;
    match fast {
        true => QMatMul::from_arc(tensor),
        false => Ok(QMatMul::Tensor(tensor.dequantize(&Device::Cpu)?)),
    }
}

/// A text among the file's metadata.
pub(super) fn text(content: &gguf_file::Content, key: &str) -> Result<String> {
    match content.metadata.get(key) {
        Some(value) => value.to_string().cloned(),
        None => bail!("the file does not say {key}"),
    }
}

/// A whole number among the file's metadata, whatever its width.
pub(super) fn integer(content: &gguf_file::Content, key: &str) -> Result<usize> {
    use gguf_file::Value::{I8, I16, I32, I64, U8, U16, U32, U64};
    let wide = match content.metadata.get(key) {
        Some(U8(n)) => i128::from(*n),
        Some(U16(n)) => i128::from(*n),
        Some(U32(n)) => i128::from(*n),
        Some(U64(n)) => i128::from(*n),
        Some(I8(n)) => i128::from(*n),
        Some(I16(n)) => i128::from(*n),
        Some(I32(n)) => i128::from(*n),
        Some(I64(n)) => i128::from(*n),
        _ => bail!("the file does not say {key}"),
    };
    usize::try_from(wide).map_err(candle_core::Error::wrap)
}

fn float(content: &gguf_file::Content, key: &str) -> Result<f32> {
    match content.metadata.get(key) {
        Some(gguf_file::Value::F64(n)) => Ok(*n as f32),
        Some(value) => value.to_f32(),
        None => bail!("the file does not say {key}"),
    }
}
