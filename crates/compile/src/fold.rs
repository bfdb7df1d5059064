//! Expressions that are constants. Only what gives the same result whenever it
//! is computed: literals, tuples of them, and arithmetic on small numbers.

use emulant_machine::code::Const;
use ruff_python_ast::{self as ast, Expr, Number, Operator, UnaryOp};

/// Longest literal in digits, as CPython's limit for decimal text.
const DIGITS_MAX: usize = 4300;

/// The constant that `expr` is, or `None`.
///
/// # Errors
/// CPython's message for an integer literal that is too long.
pub(crate) fn constant(expr: &Expr) -> Result<Option<Const>, String> {
    Ok(Some(match expr {
        Expr::NoneLiteral(_) => Const::None,
        Expr::BooleanLiteral(literal) => Const::Bool(literal.value),
        Expr::EllipsisLiteral(_) => Const::Ellipsis,
        Expr::StringLiteral(literal) => Const::Str(literal.value.to_str().into()),
        Expr::BytesLiteral(literal) => Const::Bytes(literal.value.bytes().collect()),
        Expr::NumberLiteral(literal) => number(&literal.value)?,
        Expr::Name(name) if name.id.as_str() == "__debug__" => Const::Bool(true),
        Expr::UnaryOp(unary) => match constant(&unary.operand)? {
            Some(operand) => return Ok(unary_op(unary.op, operand)),
            None => return Ok(None),
        },
        Expr::BinOp(binary) => match (constant(&binary.left)?, binary.op) {
            (Some(left), op) => match constant(&binary.right)? {
                Some(right) => return Ok(binary_op(op, &left, &right)),
                None => return Ok(None),
            },
            _ => return Ok(None),
        },
        Expr::Tuple(tuple) => match all(&tuple.elts)? {
            Some(items) => Const::Tuple(items),
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// The constants that all of `exprs` are.
pub(crate) fn all(exprs: &[Expr]) -> Result<Option<Vec<Const>>, String> {
    let mut items = Vec::with_capacity(exprs.len());
    for expr in exprs {
        match constant(expr)? {
            Some(item) => items.push(item),
            None => return Ok(None),
        }
    }
    Ok(Some(items))
}

/// The truth of a constant.
pub(crate) fn truth(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Ellipsis | Const::Big(_) => true,
        Const::Bool(value) => *value,
        Const::Int(value) => *value != 0,
        Const::Float(value) => *value != 0.0,
        Const::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
        Const::Str(text) => !text.is_empty(),
        Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
    }
}

fn number(number: &Number) -> Result<Const, String> {
    Ok(match number {
        Number::Float(value) => Const::Float(*value),
        Number::Complex { real, imag } => Const::Complex(*real, *imag),
        Number::Int(int) => match (int.as_i64(), int.as_u64()) {
            (Some(value), _) => Const::Int(value),
            (None, Some(value)) => Const::Big(value.to_string().into()),
            (None, None) => Const::Big(big(&int.to_string())?.into()),
        },
    })
}

/// Decimal digits of a literal as written.
fn big(text: &str) -> Result<String, String> {
    let text = text.replace('_', "");
    let (radix, digits) = match text.get(..2) {
        Some("0x" | "0X") => (16, &text[2..]),
        Some("0o" | "0O") => (8, &text[2..]),
        Some("0b" | "0B") => (2, &text[2..]),
        _ => (10, text.as_str()),
    };
    if radix == 10 {
        return match digits.len() > DIGITS_MAX {
            true => Err(format!(
                "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; \
                 use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
                 literals to avoid decimal conversion limits.",
                digits.len()
            )),
            false => Ok(digits.trim_start_matches('0').to_string()),
        };
    }
    if digits.len() > 100_000 {
        return Err("integer literal is too long".into());
    }
    Ok(decimal(digits, radix))
}

/// Digits in another radix to decimal, in limbs of nine digits.
fn decimal(digits: &str, radix: u64) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|c| c.to_digit(radix as u32)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * radix + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = limbs.last().map_or(String::new(), u64::to_string);
    limbs.iter().rev().skip(1).for_each(|limb| text.push_str(&format!("{limb:09}")));
    text
}

fn unary_op(op: UnaryOp, operand: Const) -> Option<Const> {
    Some(match (op, operand) {
        (UnaryOp::Not, value) => Const::Bool(!truth(&value)),
        (UnaryOp::USub, Const::Int(value)) => Const::Int(value.checked_neg()?),
        (UnaryOp::USub, Const::Big(digits)) if *digits == *"9223372036854775808" => Const::Int(i64::MIN),
        (UnaryOp::USub, Const::Big(digits)) if !digits.starts_with('-') => Const::Big(format!("-{digits}").into()),
        (UnaryOp::USub, Const::Float(value)) => Const::Float(-value),
        (UnaryOp::USub, Const::Complex(real, imag)) => Const::Complex(-real, -imag),
        (UnaryOp::UAdd, value @ (Const::Int(_) | Const::Big(_) | Const::Float(_))) => value,
        (UnaryOp::Invert, Const::Int(value)) => Const::Int(!value),
        _ => return None,
    })
}

fn binary_op(op: Operator, left: &Const, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Int(a), Const::Int(b)) => int_op(op, *a, *b),
        (Const::Float(a), Const::Float(b)) => float_op(op, *a, *b),
        (Const::Int(a), Const::Complex(real, imag)) if small(*a) => complex_op(op, *a as f64, *real, *imag),
        (Const::Float(a), Const::Complex(real, imag)) => complex_op(op, *a, *real, *imag),
        _ => None,
    }
}

fn small(int: i64) -> bool {
    int.unsigned_abs() < 1 << 53
}

fn int_op(op: Operator, a: i64, b: i64) -> Option<Const> {
    Some(Const::Int(match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        Operator::FloorDiv if b > 0 => a.div_euclid(b),
        Operator::Mod if b > 0 => a.rem_euclid(b),
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::LShift if (0..62).contains(&b) => a.checked_mul(1 << b)?,
        Operator::RShift if (0..64).contains(&b) => a >> b,
        Operator::Div if b != 0 && small(a) && small(b) => return Some(Const::Float(a as f64 / b as f64)),
        _ => return None,
    }))
}

fn float_op(op: Operator, a: f64, b: f64) -> Option<Const> {
    Some(Const::Float(match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        _ => return None,
    }))
}

/// A complex literal such as `1 + 2j`.
fn complex_op(op: Operator, a: f64, real: f64, imag: f64) -> Option<Const> {
    match op {
        Operator::Add => Some(Const::Complex(a + real, 0.0 + imag)),
        Operator::Sub => Some(Const::Complex(a - real, 0.0 - imag)),
        _ => None,
    }
}

/// Does the number literal fit an immediate operand?
pub(crate) fn immediate(expr: &Expr) -> Option<i16> {
    match expr {
        Expr::NumberLiteral(ast::ExprNumberLiteral { value: Number::Int(int), .. }) => i16::try_from(int.as_i64()?).ok(),
        Expr::UnaryOp(ast::ExprUnaryOp { op: UnaryOp::USub, operand, .. }) => immediate(operand)?.checked_neg(),
        _ => None,
    }
}
