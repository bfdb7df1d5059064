//! Ed25519 keys. Where a secret key is kept is the host's affair.

use crate::{hex, sha256, unhex};
use alloc::{format, string::String, vec::Vec};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// A secret key that signs checkpoints.
#[derive(Clone)]
pub struct Key(SigningKey);

impl Key {
    /// The key that 32 secret random bytes stand for.
    pub fn from_seed(seed: &[u8; 32]) -> Key {
        Key(SigningKey::from_bytes(seed))
    }

    /// The public half, to be kept where the journals are not.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes other than journals (an image, say) for one `purpose`.
    pub fn sign_bytes(&self, purpose: &str, bytes: &[u8]) -> String {
        self.sign(&for_purpose(purpose, bytes))
    }

    /// Signs a payload of this media type as DSSE has it (version 1), for readers that know no journals; in hex.
    pub fn sign_dsse(&self, media_type: &str, payload: &[u8]) -> String {
        self.sign(&dsse(media_type, payload))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> String {
        hex(&self.0.sign(message).to_bytes())
    }
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Key({})", self.public().to_hex())
    }
}

/// What is signed for a purpose can never pass for a journal's checkpoint, nor
/// for anything of another purpose.
fn for_purpose(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    format!("emulant bytes v1\n{}\n{purpose}\n{}", purpose.len(), hex(&sha256(bytes))).into_bytes()
}

/// DSSE's encoding of what is signed. It begins otherwise than all else that a key signs here.
fn dsse(media_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {media_type} {} ", media_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// The public half of a [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads 64 lower-case hex digits; `None` if they are no key.
    pub fn from_hex(text: &str) -> Option<PublicKey> {
        VerifyingKey::from_bytes(&unhex(text)?).ok().map(PublicKey)
    }

    /// 64 lower-case hex digits.
    pub fn to_hex(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// Whether `signature` is [`Key::sign_bytes`] of these bytes.
    pub fn verify_bytes(&self, purpose: &str, bytes: &[u8], signature: &str) -> bool {
        self.verify(&for_purpose(purpose, bytes), signature)
    }

    /// Whether `signature` is [`Key::sign_dsse`] of this payload.
    pub fn verify_dsse(&self, media_type: &str, payload: &[u8], signature: &str) -> bool {
        self.verify(&dsse(media_type, payload), signature)
    }

    /// Whether `signature`, in hex, is by this key over exactly these bytes: for records that others signed, in
    /// their own form. Nothing that a [`Key`] signs is without a purpose.
    pub fn verify_foreign(&self, bytes: &[u8], signature: &str) -> bool {
        self.verify(bytes, signature)
    }

    /// Strict: a signature has exactly one form that passes.
    pub(crate) fn verify(&self, message: &[u8], signature: &str) -> bool {
        unhex(signature).is_some_and(|bytes| self.0.verify_strict(message, &Signature::from_bytes(&bytes)).is_ok())
    }
}
