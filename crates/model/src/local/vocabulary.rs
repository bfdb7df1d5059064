//! Text to tokens and back, as the weights' own metadata says, and the trie of all
//! tokens that constrained decoding walks.

use super::network::{integer, text};
use candle_core::{
    Error, Result, bail,
    quantized::{gguf_file, tokenizer::TokenizerFromGguf},
};
use std::{collections::HashMap, sync::Arc};
use tokenizers::{
    Tokenizer,
    pre_tokenizers::{
        byte_level::ByteLevel,
        digits::Digits,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
    tokenizer::SplitDelimiterBehavior,
};
use toktrie::{TokEnv, TokRxInfo, TokTrie, TokenId, TokenizerEnv};

/// How Llama 3 cuts text into words before it looks for tokens.
const LLAMA3_WORDS: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Tokens of one model.
#[derive(Clone)]
pub(super) struct Vocabulary {
    inner: Arc<Inner>,
    /// A token that starts every text, for models that were trained so.
    start: Option<u32>,
}

struct Inner {
    tokenizer: Tokenizer,
    trie: TokTrie,
}

impl Vocabulary {
    pub(super) fn load(content: &gguf_file::Content) -> Result<Vocabulary> {
        let mut tokenizer = Tokenizer::from_gguf(content)?;
        cut_words(content, &mut tokenizer)?;
        // Text of a program that looks like a control token stays text.
        tokenizer.set_encode_special_tokens(true);
        let end = integer(content, "tokenizer.ggml.eos_token_id")?;
        let words = words(content)?;
        if end >= words.len() {
            bail!("the end token {end} lies outside the vocabulary");
        }
        let trie = TokTrie::from(&TokRxInfo::new(words.len() as u32, end as u32), &words);
        let wants_start = matches!(content.metadata.get("tokenizer.ggml.add_bos_token"), Some(gguf_file::Value::Bool(true)));
        let start = if wants_start { Some(integer(content, "tokenizer.ggml.bos_token_id")? as u32) } else { None };
        Ok(Vocabulary { inner: Arc::new(Inner { tokenizer, trie }), start })
    }

    /// A whole text, with the start token where the model wants one.
    pub(super) fn text(&self, text: &str) -> Vec<u32> {
        self.start.into_iter().chain(self.piece(text)).collect()
    }

    /// A text that follows another.
    pub(super) fn piece(&self, text: &str) -> Vec<u32> {
        self.inner.encode(text)
    }

    pub(super) fn decode(&self, tokens: &[u32]) -> Vec<u8> {
        self.inner.trie.decode(tokens)
    }

    /// The control token of this name.
    pub(super) fn control(&self, name: &str) -> Option<u32> {
        self.inner.tokenizer.token_to_id(name)
    }

    /// Tokens that end a turn or a text.
    pub(super) fn ends(&self) -> Vec<u32> {
        let named = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "</s>"].iter().filter_map(|name| self.control(name));
        std::iter::once(self.inner.trie.eos_token()).chain(named).collect()
    }

    /// Whether a token spells text.
    pub(super) fn is_text(&self, token: u32) -> bool {
        self.inner.trie.token(token).first().is_some_and(|byte| *byte != TokTrie::SPECIAL_TOKEN_MARKER)
    }

    pub(super) fn environment(&self) -> TokEnv {
        Arc::clone(&self.inner) as TokEnv
    }
}

impl Inner {
    fn encode(&self, text: &str) -> Vec<u32> {
        match self.tokenizer.encode_fast(text, false) {
            Ok(encoding) => encoding.get_ids().to_vec(),
            // Longest tokens first spells any text too, only less well.
            Err(_) => self.trie.greedy_tokenize(text.as_bytes()),
        }
    }
}

impl TokenizerEnv for Inner {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<TokenId> {
        self.trie.tokenize_with_greedy_fallback(bytes, |text| self.encode(text))
    }
}

/// Replaces the word splitter where candle-core does not know the right one; its
/// fallback also puts a space before every text.
fn cut_words(content: &gguf_file::Content, tokenizer: &mut Tokenizer) -> Result<()> {
    let kind = text(content, "tokenizer.ggml.pre").unwrap_or_default();
    let bytes = |use_regex| ByteLevel::new(false, true, use_regex).into();
    let splitter = match kind.as_str() {
        "qwen2" | "llama3" => return Ok(()),
        "llama-bpe" => {
            let words = Split::new(SplitPattern::Regex(LLAMA3_WORDS.into()), SplitDelimiterBehavior::Isolated, false);
            Sequence::new(vec![words.map_err(Error::wrap)?.into(), bytes(false)])
        }
        "smollm" => Sequence::new(vec![Digits::new(true).into(), bytes(true)]),
        _ => Sequence::new(vec![bytes(true)]),
    };
    tokenizer.with_pre_tokenizer(Some(splitter));
    Ok(())
}

/// The bytes of each token. Tokens that are no text carry the mark that the trie
/// has for them, so that no answer can be made of them.
fn words(content: &gguf_file::Content) -> Result<Vec<Vec<u8>>> {
    let array = |key: &str| content.metadata.get(key).map(|value| value.to_vec()).transpose();
    let Some(tokens) = array("tokenizer.ggml.tokens")? else { bail!("the file holds no vocabulary") };
    let kinds = array("tokenizer.ggml.token_type")?;
    let byte_of = bytes_of_letters();
    let word = |(index, token): (usize, &gguf_file::Value)| {
        let token = token.to_string()?;
        // 1 is text; all others are control tokens, unused or added.
        let kind = kinds.and_then(|kinds| kinds.get(index)).and_then(|kind| kind.to_i32().ok());
        let plain: Option<Vec<u8>> = token.chars().map(|letter| byte_of.get(&letter).copied()).collect();
        Ok(match plain {
            Some(bytes) if kind.is_none_or(|kind| kind == 1) => bytes,
            _ => [&[TokTrie::SPECIAL_TOKEN_MARKER], token.as_bytes()].concat(),
        })
    };
    tokens.iter().enumerate().map(word).collect()
}

/// Vocabularies of this family write each byte as one printable letter: most as
/// themselves, the others as the letters from U+0100 on, in order.
fn bytes_of_letters() -> HashMap<char, u8> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut next = 0x100;
    (0..=u8::MAX)
        .map(|byte| {
            if printable(byte) {
                return (char::from(byte), byte);
            }
            next += 1;
            (char::from_u32(next - 1).expect("letters up to U+0143 exist"), byte)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_one_letter() {
        let map = bytes_of_letters();
        assert_eq!(map.len(), 256);
        assert_eq!((map[&'Ġ'], map[&'Ċ'], map[&'a'], map[&'é'], map[&'Ń']), (b' ', b'\n', b'a', 0xe9, 0xad));
    }
}
