//! Text to tree, with the parser's errors in CPython's words.
//!
//! CPython reports what its tokenizer finds before what its parser finds, so
//! faults of tokens and brackets are looked for first. Where no rule below says
//! more, the message is `invalid syntax`.

use crate::assign::described;
use crate::error::{CompileError, ErrorKind};
use crate::escapes;
use crate::limits;
use crate::source::Lines;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{
    InterpolatedStringErrorType as Field, LexicalErrorType as Lexical, Mode, ParseError, ParseErrorType as Kind, ParseOptions,
    UnsupportedSyntaxErrorKind as Newer, parse_expression, parse_unchecked,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

pub(crate) use limits::check;

type Token = (TokenKind, TextRange);

/// The tree of a text that is within the limits.
pub(crate) fn parse(lines: &Lines, mode: Mode) -> Result<Mod, CompileError> {
    let options = ParseOptions::from(mode).with_target_version(PythonVersion::PY312);
    let parsed = parse_unchecked(lines.text(), options);
    let faulty = !parsed.errors().is_empty() || lines.text().contains('\t');
    if faulty {
        let tokens: Vec<Token> = parsed.tokens().iter().map(|token| (token.kind(), token.range())).collect();
        let errors = Errors { lines, tokens, errors: parsed.errors() };
        if let Some(error) = errors.report() {
            return Err(error);
        }
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        let message = match error.kind {
            Newer::UnpackingInComprehension(_) if lines.slice(error.range).starts_with("**") => {
                "dict unpacking cannot be used in dict comprehension"
            }
            Newer::UnpackingInComprehension(_) => "iterable unpacking cannot be used in comprehension",
            _ => "invalid syntax",
        };
        let range = match message.starts_with("dict") {
            true => TextRange::at(error.range.start(), 2.into()),
            false => error.range,
        };
        return Err(CompileError::syntax(lines, range, message));
    }
    if escapes::surrogate_in(lines.text()) {
        for token in parsed.tokens() {
            let text = lines.slice(token.range());
            let text_of_field = token.kind() == TokenKind::FStringMiddle && escapes::surrogate_in(text);
            if text_of_field || (token.kind() == TokenKind::String && escapes::has_surrogate(text)) {
                return Err(CompileError::not_supported(lines, token.range(), "a lone surrogate in a string"));
            }
        }
    }
    Ok(parsed.into_syntax())
}

struct Errors<'e> {
    lines: &'e Lines<'e>,
    tokens: Vec<Token>,
    errors: &'e [ParseError],
}

/// What is said about a range, when it is more than `invalid syntax`.
type Said = Option<(TextRange, String)>;

impl Errors<'_> {
    /// The error that CPython would report.
    fn report(&self) -> Option<CompileError> {
        let first = self.errors.first();
        if let Some(error) = self.tab_error()
            && first.is_none_or(|first| error.line <= self.lines.line(first.location.end()))
        {
            return Some(error);
        }
        let first = first?;
        if let Some(error) = self.token_fault(first) {
            return Some(error);
        }
        if let Some(error) = self.indentation(first) {
            return Some(error);
        }
        let lambda = |error: &&ParseError| matches!(error.error, Kind::FStringError(Field::LambdaWithoutParentheses));
        let said = self.parser_error(self.errors.iter().find(lambda).unwrap_or(first));
        let (range, message) = said.unwrap_or_else(|| (self.token_at(first.location), "invalid syntax".into()));
        Some(CompileError::syntax(self.lines, range, message))
    }

    // ---- tokens and brackets

    fn token_fault(&self, first: &ParseError) -> Option<CompileError> {
        let lexical = self.errors.iter().find_map(|error| self.lexical(error));
        let bracket = self.bracket_fault(first);
        let (range, message) = match (lexical, bracket) {
            (Some(a), Some(b)) => if a.0.start() <= b.0.start() { a } else { b },
            (a, b) => a.or(b)?,
        };
        Some(CompileError::syntax(self.lines, range, message))
    }

    /// A fault that the tokenizer sees.
    fn lexical(&self, error: &ParseError) -> Said {
        let range = error.location;
        let point = TextRange::empty(range.start());
        let said = |message: &str| Some((point, message.to_string()));
        match &error.error {
            Kind::Lexical(Lexical::UnclosedStringError) => Some((point, self.unterminated(range, ""))),
            Kind::Lexical(Lexical::FStringError(Field::UnterminatedString | Field::UnterminatedTripleQuotedString))
            | Kind::FStringError(Field::UnterminatedString | Field::UnterminatedTripleQuotedString) => {
                let start = self.tokens.iter().rev().find(|(kind, place)| *kind == TokenKind::FStringStart && place.start() <= range.start());
                let place = start.map_or(range, |(_, place)| *place);
                Some((TextRange::empty(place.start()), self.unterminated(place, "f-")))
            }
            Kind::Lexical(Lexical::UnrecognizedToken { tok }) if !tok.is_ascii() => {
                let code = u32::from(*tok);
                let hidden = tok.is_control() || tok.is_whitespace() || (0x200b..=0x200f).contains(&code);
                Some((point, match hidden {
                    true => format!("invalid non-printable character U+{code:04X}"),
                    false => format!("invalid character '{tok}' (U+{code:04X})"),
                }))
            }
            Kind::Lexical(Lexical::LineContinuationError) => {
                Some((TextRange::empty(range.end()), "unexpected character after line continuation character".into()))
            }
            Kind::Lexical(Lexical::InvalidByteLiteral) => {
                let token = self.tokens.iter().find(|(_, place)| place.contains_range(range));
                Some((token.map_or(range, |token| token.1), "bytes can only contain ASCII literal characters".into()))
            }
            Kind::Lexical(Lexical::FStringError(Field::SingleRbrace)) if self.errors[0].location == range => {
                said("f-string: single '}' is not allowed")
            }
            Kind::Lexical(Lexical::OtherError(text)) if text.contains("decimal integer") => Some((
                TextRange::at(range.start(), 1.into()),
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers".into(),
            )),
            Kind::Lexical(Lexical::OtherError(_)) if self.text(range).starts_with("0x") => {
                Some((TextRange::empty(range.end() - TextSize::new(1)), "invalid hexadecimal literal".into()))
            }
            Kind::Lexical(Lexical::UnicodeError | Lexical::MissingUnicodeLbrace | Lexical::MissingUnicodeRbrace | Lexical::StringError) => {
                let token = self.tokens.iter().find(|(kind, place)| *kind == TokenKind::String && place.contains(range.start()))?;
                Some((token.1, escapes::fault(self.text(token.1))?))
            }
            Kind::SimpleStatementsOnSameLine => self.glued_number(range),
            _ => None,
        }
    }

    fn unterminated(&self, range: TextRange, prefix: &str) -> String {
        let text = self.text(range).trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let triple = text.starts_with("'''") || text.starts_with("\"\"\"");
        let (word, line) = match triple {
            true => ("triple-quoted ", self.lines.count()),
            false => ("", self.lines.line(range.end() - TextSize::from(u32::from(!range.is_empty())))),
        };
        format!("unterminated {word}{prefix}string literal (detected at line {line})")
    }

    /// `1abc`: a number that runs into a name.
    fn glued_number(&self, range: TextRange) -> Said {
        let index = self.index_at(range.start())?;
        let (kind, before) = *self.tokens.get(index.checked_sub(1)?)?;
        let number = matches!(kind, TokenKind::Int | TokenKind::Float | TokenKind::Complex);
        if !number || before.end() != range.start() {
            return None;
        }
        let text = self.text(before);
        let next = self.text(self.tokens[index].1).chars().next()?;
        let word = match text.get(..2) {
            Some("0b" | "0B") => "binary",
            Some("0o" | "0O") => "octal",
            Some("0x" | "0X") => "hexadecimal",
            _ => "decimal",
        };
        match next.is_ascii_digit() {
            true => Some((TextRange::empty(range.start()), format!("invalid digit '{next}' in {word} literal"))),
            false if next == '.' => None,
            false => Some((TextRange::empty(range.start() - TextSize::new(1)), format!("invalid {word} literal"))),
        }
    }

    fn bracket_fault(&self, first: &ParseError) -> Said {
        let mut open: Vec<(char, TextRange)> = Vec::new();
        for (kind, range) in &self.tokens {
            let (own, partner) = match kind {
                TokenKind::Lpar => ('(', None),
                TokenKind::Lsqb => ('[', None),
                TokenKind::Lbrace => ('{', None),
                TokenKind::Rpar => (')', Some('(')),
                TokenKind::Rsqb => (']', Some('[')),
                TokenKind::Rbrace => ('}', Some('{')),
                _ => continue,
            };
            match (partner, open.last().copied()) {
                (None, _) => open.push((own, *range)),
                (Some(partner), Some((last, _))) if last == partner => _ = open.pop(),
                (Some(_), None) => return Some((TextRange::empty(range.start()), format!("unmatched '{own}'"))),
                (Some(_), Some((last, place))) => {
                    let (line, here) = (self.lines.line(place.start()), self.lines.line(range.start()));
                    let on = if line == here { String::new() } else { format!(" on line {line}") };
                    let message = format!("closing parenthesis '{own}' does not match opening parenthesis '{last}'{on}");
                    return Some((TextRange::empty(range.start()), message));
                }
            }
        }
        let (bracket, place) = open.last()?;
        let reached = self.lines.line(first.location.start()) > self.lines.line(place.start());
        let at_end = first.location.start().to_usize() >= self.lines.text().trim_end().len();
        (reached || at_end).then(|| (TextRange::empty(place.start()), format!("'{bracket}' was never closed")))
    }

    // ---- indentation

    fn indentation(&self, first: &ParseError) -> Option<CompileError> {
        let line = self.lines.line(first.location.end());
        let (message, col) = match &first.error {
            Kind::UnexpectedIndentation => ("unexpected indent".to_string(), self.indent_of(line)),
            Kind::Lexical(Lexical::IndentationError) => {
                let message = "unindent does not match any outer indentation level";
                (message.to_string(), self.lines.line_text(line).chars().count() as u32 + 1)
            }
            Kind::OtherError(text) => {
                let after = text.strip_prefix("Expected an indented block after ")?;
                let after = after.replace('`', "'").replace("' clause", "' statement").replace("'class' definition", "class definition");
                let message = format!("expected an indented block after {after} on line {}", self.header_line(first.location.start()));
                let mut error = CompileError::new(ErrorKind::IndentationError, self.lines, first.location, message);
                let at_end = self.lines.text()[first.location.start().to_usize()..].trim().is_empty();
                (error.col, error.end_col) = (if at_end { 0 } else { error.col }, error.col);
                return Some(error);
            }
            _ => return None,
        };
        let text = self.lines.line_text(line).to_string();
        Some(CompileError { kind: ErrorKind::IndentationError, message, line, col, end_line: line, end_col: 0, text })
    }

    fn indent_of(&self, line: u32) -> u32 {
        let text = self.lines.line_text(line);
        (text.len() - text.trim_start_matches([' ', '\t', '\x0c']).len()) as u32
    }

    /// First line of the logical line before an offset.
    fn header_line(&self, offset: TextSize) -> u32 {
        let silent = |kind: TokenKind| {
            matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::Indent | TokenKind::Dedent)
        };
        let before: Vec<&Token> = self.tokens.iter().filter(|(kind, range)| !silent(*kind) && range.start() < offset).collect();
        let header = match before.split_last() {
            Some(((TokenKind::Newline, _), rest)) => rest,
            _ => &before[..],
        };
        let start = header.iter().rposition(|(kind, _)| *kind == TokenKind::Newline).map_or(0, |index| index + 1);
        header.get(start).map_or(1, |(_, range)| self.lines.line(range.start()))
    }

    /// Indentation whose meaning depends on the width of a tab.
    fn tab_error(&self) -> Option<CompileError> {
        let mut levels = vec![(0, 0)];
        let mut fresh = true;
        for (kind, range) in &self.tokens {
            match kind {
                TokenKind::Newline => fresh = true,
                TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::Indent | TokenKind::Dedent => {}
                _ if fresh => {
                    fresh = false;
                    let line = self.lines.line(range.start());
                    if !indents_consistently(&mut levels, self.lines.line_text(line)) {
                        return Some(CompileError {
                            kind: ErrorKind::TabError,
                            message: "inconsistent use of tabs and spaces in indentation".into(),
                            line,
                            col: 1,
                            end_line: line,
                            end_col: 0,
                            text: self.lines.line_text(line).to_string(),
                        });
                    }
                }
                _ => {}
            }
        }
        None
    }

    // ---- the parser's errors

    fn parser_error(&self, error: &ParseError) -> Said {
        let range = error.location;
        let said = |message: &str| Some((range, message.to_string()));
        match &error.error {
            Kind::SimpleStatementsOnSameLine => self.old_statement(range),
            Kind::ExpectedToken { expected, found } => self.expected_token(range, *expected, *found),
            Kind::ExpectedExpression => self.expected_expression(range),
            Kind::InvalidAssignmentTarget => self.assignment(range),
            Kind::InvalidAugmentedAssignmentTarget => {
                Some((range, format!("'{}' is an illegal expression for augmented assignment", self.describe(range))))
            }
            Kind::InvalidAnnotatedAssignmentTarget => said("illegal target for annotation"),
            Kind::InvalidNamedAssignmentTarget => Some((range, format!("cannot use assignment expressions with {}", self.describe(range)))),
            Kind::InvalidDeleteTarget => Some((range, format!("cannot delete {}", self.describe(range)))),
            Kind::PositionalAfterKeywordArgument => Some((after(range), "positional argument follows keyword argument".into())),
            Kind::PositionalAfterKeywordUnpacking => {
                Some((after(range), "positional argument follows keyword argument unpacking".into()))
            }
            Kind::InvalidArgumentUnpackingOrder => {
                Some((TextRange::at(range.start(), 1.into()), "iterable argument unpacking follows keyword argument unpacking".into()))
            }
            Kind::UnparenthesizedGeneratorExpression => said("Generator expression must be parenthesized"),
            Kind::NonDefaultParamAfterDefaultParam => said("parameter without a default follows parameter with a default"),
            Kind::ExpectedKeywordParam => said("named arguments must follow bare *"),
            Kind::ParamAfterVarKeywordParam => said("arguments cannot follow var-keyword argument"),
            Kind::IterableUnpackingInComprehension => said("iterable unpacking cannot be used in comprehension"),
            Kind::InvalidStarredExpressionUsage => said("can't use starred expression here"),
            Kind::FStringError(field) | Kind::Lexical(Lexical::FStringError(field)) => self.field(range, field),
            Kind::OtherError(text) => self.other(range, text),
            _ => None,
        }
    }

    fn other(&self, range: TextRange, text: &str) -> Said {
        let message = match text {
            "Expected `except` or `finally` after `try` block" => "expected 'except' or 'finally' block",
            "Only single target (not tuple) can be annotated" => "only single target (not tuple) can be annotated",
            "Only single target (not list) can be annotated" => "only single target (not list) can be annotated",
            "Bytes literal cannot be mixed with non-bytes literals" => "cannot mix bytes and nonbytes literals",
            "Expected a parameter name" => {
                let end = range.end() + TextSize::new(1);
                return Some(match self.text(range) {
                    word @ ("True" | "False" | "None") => (TextRange::new(range.start(), end), format!("cannot assign to {word}")),
                    _ => {
                        let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
                        (TextRange::new(range.start(), end), message.into())
                    }
                });
            }
            _ => return None,
        };
        Some((self.token_at(range), message.into()))
    }

    fn field(&self, range: TextRange, field: &Field) -> Said {
        let message = match field {
            Field::UnclosedLbrace => {
                let index = self.index_at(range.start())?;
                if starts_operand(self.tokens[index].0) {
                    return self.forgotten_comma(index);
                }
                "f-string: expecting '}'".to_string()
            }
            Field::InvalidConversionFlag if self.text(range).starts_with('}') => "f-string: missing conversion character".into(),
            Field::InvalidConversionFlag => {
                format!("f-string: invalid conversion character '{}': expected 's', 'r', or 'a'", self.text(range))
            }
            Field::SingleRbrace => "f-string: single '}' is not allowed".into(),
            Field::LambdaWithoutParentheses => "f-string: lambda expressions are not allowed without parentheses".into(),
            _ => return None,
        };
        Some((range, message))
    }

    /// `print x`
    fn old_statement(&self, range: TextRange) -> Said {
        let index = self.index_at(range.start())?;
        let (_, name) = *self.tokens.get(index.checked_sub(1)?)?;
        let word = self.text(name);
        let starts = index < 2 || matches!(self.tokens[index - 2].0, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::Semi | TokenKind::Colon);
        let old = starts && matches!(word, "print" | "exec");
        old.then(|| {
            let end = self.tokens[index..].iter().find(|(kind, _)| matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile));
            let end = end.map_or(range.end(), |(_, range)| range.start());
            (TextRange::new(name.start(), end), format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?"))
        })
    }

    fn expected_token(&self, range: TextRange, expected: TokenKind, found: TokenKind) -> Said {
        let index = self.index_at(range.start())?;
        match (expected, found) {
            (TokenKind::Colon, TokenKind::Newline) => Some((range, "expected ':'".into())),
            (TokenKind::Colon, TokenKind::Rbrace) => {
                let before = self.tokens.get(index.checked_sub(1)?)?.1;
                Some((TextRange::empty(before.start()), "':' expected after dictionary key".into()))
            }
            (TokenKind::Else, _) => {
                let condition = self.index_at(self.operand_start(index))?;
                let left = self.operand_start(condition.checked_sub(1)?);
                Some((TextRange::new(left, range.start()), "expected 'else' after 'if' expression".into()))
            }
            (_, TokenKind::Equal) => self.assignment_in_expression(index),
            (TokenKind::Comma | TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace, found) if starts_operand(found) => {
                self.forgotten_comma(index)
            }
            _ => None,
        }
    }

    /// Two operands side by side inside brackets.
    fn forgotten_comma(&self, index: usize) -> Said {
        let left = self.operand_start(index);
        let inside = self.depth_at(index) > 0;
        let first = self.tokens.iter().position(|(_, range)| range.start() == left)?;
        let word_then_text = self.tokens[first].0 == TokenKind::Name && self.tokens.get(first + 1)?.0 == TokenKind::String;
        if !inside || first == index || word_then_text || !starts_operand(self.tokens[first].0) {
            return None;
        }
        let right = self.operand_end(index);
        Some((TextRange::new(left, right), "invalid syntax. Perhaps you forgot a comma?".into()))
    }

    /// `if x = 1:`
    fn assignment_in_expression(&self, index: usize) -> Said {
        let left = self.operand_start(index);
        let before = self.tokens.get(index.checked_sub(1)?)?.1;
        let target = TextRange::new(left, before.end());
        let right = self.operand_end(index + 1);
        match self.describe(target) {
            "name" => Some((
                TextRange::new(left, right),
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?".into(),
            )),
            "True" | "False" | "None" | "list" | "tuple" | "generator expression" => None,
            what => Some((target, format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?"))),
        }
    }

    fn expected_expression(&self, range: TextRange) -> Said {
        let index = self.index_at(range.start())?;
        let before = *self.tokens.get(index.checked_sub(1)?)?;
        let field = index >= 2 && matches!(self.tokens[index - 2].0, TokenKind::FStringStart | TokenKind::FStringMiddle);
        match (before.0, self.tokens[index].0) {
            (TokenKind::Lbrace, TokenKind::Rbrace) if field => Some((range, "f-string: valid expression required before '}'".into())),
            (TokenKind::Less, TokenKind::Greater) => Some((before.1.cover(range), "invalid syntax".into())),
            (TokenKind::Colon, TokenKind::Rbrace | TokenKind::Comma) if self.depth_at(index) > 0 => {
                Some((before.1, "expression expected after dictionary key and ':'".into()))
            }
            _ => None,
        }
    }

    fn assignment(&self, range: TextRange) -> Said {
        let what = self.describe(range);
        if what == "yield expression" || self.text(range).starts_with("yield") {
            return Some((range, "assignment to yield expression not possible".into()));
        }
        let rest = self.lines.text()[range.end().to_usize()..].trim_start();
        let statement = self.index_at(range.start()).is_none_or(|index| {
            let before = self.tokens[..index].iter().rev().find(|(kind, _)| *kind != TokenKind::NonLogicalNewline);
            before.is_none_or(|(kind, _)| {
                matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::Semi | TokenKind::Comment | TokenKind::Colon)
            })
        });
        let meant = statement && rest.starts_with('=') && !matches!(what, "True" | "False" | "None");
        let hint = if meant { " here. Maybe you meant '==' instead of '='?" } else { "" };
        Some((range, format!("cannot assign to {what}{hint}")))
    }

    // ---- tokens around a place

    fn text(&self, range: TextRange) -> &str {
        self.lines.slice(range)
    }

    fn describe(&self, range: TextRange) -> &'static str {
        parse_expression(self.text(range)).map_or("expression", |parsed| described(parsed.expr()))
    }

    fn index_at(&self, offset: TextSize) -> Option<usize> {
        let index = self.tokens.partition_point(|(_, range)| range.end() <= offset);
        index.min(self.tokens.len().checked_sub(1)?).into()
    }

    /// The token at an error, which CPython marks even where nothing is.
    fn token_at(&self, range: TextRange) -> TextRange {
        match self.index_at(range.start()).map(|index| self.tokens[index].1) {
            Some(token) if token.start() == range.start() && !token.is_empty() => token,
            _ => range,
        }
    }

    fn depth_at(&self, index: usize) -> usize {
        let mut depth = 0usize;
        for (kind, _) in &self.tokens[..index] {
            match bracket(*kind) {
                1 => depth += 1,
                -1 => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        depth
    }

    /// Where the expression before token `index` starts.
    fn operand_start(&self, index: usize) -> TextSize {
        let mut depth = 0i32;
        let mut start = self.tokens[index].1.start();
        for (kind, range) in self.tokens[..index].iter().rev() {
            depth -= bracket(*kind);
            if depth < 0 || (depth == 0 && separates(*kind)) {
                break;
            }
            if !matches!(kind, TokenKind::NonLogicalNewline | TokenKind::Comment) {
                start = range.start();
            }
        }
        start
    }

    /// Where the expression that starts with token `index` ends.
    fn operand_end(&self, index: usize) -> TextSize {
        let mut depth = 0i32;
        let mut end = self.tokens.get(index).map_or(TextSize::default(), |token| token.1.end());
        let mut complete = false;
        for (kind, range) in self.tokens.iter().skip(index) {
            let step = bracket(*kind);
            if depth + step < 0 || (depth == 0 && (separates(*kind) || (complete && starts_operand(*kind) && step == 0))) {
                break;
            }
            depth += step;
            complete = depth == 0 && (starts_operand(*kind) || step == -1);
            if !matches!(kind, TokenKind::NonLogicalNewline | TokenKind::Comment) {
                end = range.end();
            }
        }
        end
    }
}

fn after(range: TextRange) -> TextRange {
    TextRange::at(range.end(), 1.into())
}

fn bracket(kind: TokenKind) -> i32 {
    match kind {
        TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => 1,
        TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => -1,
        _ => 0,
    }
}

/// Does the token stand between expressions?
fn separates(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::Comma | T::Colon | T::Equal | T::ColonEqual | T::Semi | T::Newline | T::Indent | T::Dedent | T::EndOfFile | T::If | T::Elif
            | T::While | T::Else | T::Return | T::Assert | T::For | T::In | T::Exclamation | T::FStringMiddle | T::FStringEnd
    )
}

fn starts_operand(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::Name | T::Int | T::Float | T::Complex | T::String | T::FStringStart | T::True | T::False | T::None | T::Lambda | T::Ellipsis
            | T::Lbrace | T::Match | T::Case | T::Type
    )
}

/// Follow one line's indentation, with tabs eight wide and one wide; false when the two disagree.
fn indents_consistently(levels: &mut Vec<(u32, u32)>, text: &str) -> bool {
    let (mut wide, mut narrow) = (0u32, 0u32);
    for c in text.chars() {
        match c {
            ' ' => (wide, narrow) = (wide + 1, narrow + 1),
            '\t' => (wide, narrow) = ((wide / 8 + 1) * 8, narrow + 1),
            '\x0c' => (wide, narrow) = (0, 0),
            _ => break,
        }
    }
    while levels.len() > 1 && levels.last().is_some_and(|level| wide < level.0) {
        levels.pop();
    }
    let (level, other) = levels.last().copied().unwrap_or((0, 0));
    if wide == level {
        return narrow == other;
    }
    if wide > level {
        levels.push((wide, narrow));
        return narrow > other;
    }
    true
}
