"""`literal_eval`, which reads values that are written as Python writes them. Missing: the trees of programs."""

import re as _re

__all__ = ['literal_eval']

PyCF_ONLY_AST, PyCF_TYPE_COMMENTS, PyCF_ALLOW_TOP_LEVEL_AWAIT = 1024, 4096, 8192

_TOKEN = _re.compile(r'''
    (?P<blank>[ \t\f]+|\\\n|\n|\#[^\n]*)
  | (?P<text>(?i:br|rb|[ubr])?(?:"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?!"")(?:[^"\\\n]|\\.)*"|'(?!'')(?:[^'\\\n]|\\.)*'))
  | (?P<number>0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+
      |(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][-+]?[0-9](?:_?[0-9])*)?[jJ]?)
  | (?P<name>[^\W0-9]\w*)
  | (?P<sign>\.\.\.|[][(){},:+-])
''', _re.VERBOSE | _re.DOTALL)

_NAMES = {'None': None, 'True': True, 'False': False}


class _Unusual(Exception):
    """The text is no plain value; what to say about it is found out elsewhere."""


class _Reader:
    def __init__(self, text):
        self.tokens = []
        at = depth = 0
        ended = False
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise _Unusual
            at = match.end()
            kind, token = match.lastgroup, match[0]
            if kind == 'number' and at < len(text) and (text[at].isalnum() or text[at] == '_'):
                raise _Unusual
            if kind == 'blank':
                # A line ends the expression, except inside of brackets. What joins lines outside of them, and a
                # first line that is not where the text begins, are left to the compiler.
                if not depth and (token == '\\\n' and not text[at:at + 1].strip(' \t\f\n') or not self.tokens and token[0] in ' \t\f' and at > len(token)):
                    raise _Unusual
                ended = ended or token == '\n' and not depth and bool(self.tokens)
                continue
            if ended:
                raise _Unusual
            depth += (token in '([{') - (token in ')]}') if kind == 'sign' else 0
            self.tokens.append((kind, token))
        self.at = 0

    def peek(self):
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ''

    def take(self, token):
        if self.at < len(self.tokens) and self.tokens[self.at] == ('sign', token):
            self.at += 1
            return True
        return False

    def expect(self, token):
        if not self.take(token):
            raise _Unusual

    def whole(self):
        value = self.many('')
        if self.at < len(self.tokens):
            raise _Unusual
        return value

    def many(self, end):
        """A value, or values with commas between, which are a tuple."""
        first = self.sum()
        if not self.take(','):
            return first
        items = [first]
        while self.at < len(self.tokens) and self.peek() != end:
            items.append(self.sum())
            if not self.take(','):
                break
        return tuple(items)

    def sum(self):
        value = self.signed()
        while self.peek() in ('+', '-') and self.tokens[self.at][0] == 'sign':
            minus = self.peek() == '-'
            self.at += 1
            kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ('', '')
            right = self.atom()
            # Only a real part and an imaginary one, as complex numbers are shown.
            if type(value) not in (int, float) or type(right) is not complex or kind != 'number':
                raise _Unusual
            value = value - right if minus else value + right
        return value

    def signed(self):
        if self.take('-'):
            return -self.number()
        if self.take('+'):
            return +self.number()
        return self.atom()

    def number(self):
        value = self.atom()
        if type(value) not in (int, float, complex):
            raise _Unusual
        return value

    def atom(self):
        if self.at == len(self.tokens):
            raise _Unusual
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == 'number':
            return _number(token)
        if kind == 'text':
            return self.texts(token)
        if kind == 'name':
            if token in _NAMES:
                return _NAMES[token]
            if token == 'set' and self.take('('):
                self.expect(')')
                return set()
            raise _Unusual
        if token == '...':
            return ...
        if token == '(':
            if self.take(')'):
                return ()
            value = self.many(')')
            self.expect(')')
            return value
        if token == '[':
            return self.items(']', [])
        if token == '{':
            return self.braces()
        raise _Unusual

    def texts(self, token):
        value = _text(token)
        while self.at < len(self.tokens) and self.tokens[self.at][0] == 'text':
            more = _text(self.peek())
            if type(more) is not type(value):
                raise _Unusual
            self.at += 1
            value += more
        return value

    def items(self, end, items):
        while not self.take(end):
            items.append(self.sum())
            if not self.take(','):
                self.expect(end)
                break
        return items

    def braces(self):
        if self.take('}'):
            return {}
        first = self.sum()
        if not self.take(':'):
            if self.take('}'):
                return {first}
            self.expect(',')
            return set(self.items('}', [first]))
        made = {first: self.sum()}
        while not self.take('}'):
            self.expect(',')
            if self.take('}'):
                break
            key = self.sum()
            self.expect(':')
            made[key] = self.sum()
        return made


def _number(token):
    lower = token.lower()
    if lower.startswith(('0x', '0o', '0b')):
        return int(token, 0)
    if lower.endswith('j'):
        return complex(0, float(lower[:-1].replace('_', '')))
    if '.' in token or 'e' in lower:
        return float(token.replace('_', ''))
    if len(token) > 1 and token[0] == '0' and token.strip('0_'):
        raise _Unusual
    return int(token)


_ESCAPE = _re.compile(r'\\(\n|[\\\'"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|N\{[^}]*\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)',
                      _re.DOTALL)
_SIMPLE = {'\n': '', '\\': '\\', "'": "'", '"': '"', 'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r',
           't': '\t', 'v': '\v'}


def _text(token):
    start = min(token.index(quote) for quote in '"\'' if quote in token)
    prefix, body = token[:start].lower(), token[start:]
    body = body[3:-3] if body[:3] in ('"""', "'''") and len(body) >= 6 else body[1:-1]
    binary = 'b' in prefix
    if binary and not body.isascii():
        raise _Unusual
    if 'r' not in prefix and '\\' in body:
        def escaped(match):
            what = match[1]
            if what in _SIMPLE:
                return _SIMPLE[what]
            if what[0] in '01234567':
                code = int(what, 8)
                return chr(code & 255 if binary else code)
            if what[0] == 'x' and len(what) == 3:
                return chr(int(what[1:], 16))
            if binary:
                raise _Unusual
            if what[0] in 'uU' and len(what) > 1 and int(what[1:], 16) < 0x110000:
                return chr(int(what[1:], 16))
            if what[0] == 'N' and len(what) > 1:
                import unicodedata
                try:
                    return unicodedata.lookup(what[2:-1])
                except KeyError:
                    raise _Unusual from None
            raise _Unusual
        body = _ESCAPE.sub(escaped, body)
    return body.encode('latin-1') if binary else body


def literal_eval(node_or_string):
    """The value that a text writes."""
    if not isinstance(node_or_string, str):
        if isinstance(node_or_string, (bytes, bytearray)):
            node_or_string = bytes(node_or_string).decode('utf-8')
        else:
            raise ValueError(f'malformed node or string: {node_or_string!r}')
    text = node_or_string.lstrip(' \t').replace('\r\n', '\n').replace('\r', '\n')
    try:
        return _Reader(text).whole()
    except _Unusual:
        pass
    # The compiler says what is wrong with it, when it is no expression.
    compile(text, '<unknown>', 'eval')
    kind, line = _what(text)
    raise ValueError(f'malformed node or string on line {line}: <ast.{kind} object at {id(text):#x}>')


def _what(text):
    """The kind of the first thing that is no value; a guess for a message that ends in an address."""
    if _re.fullmatch(r'\s*[^\W0-9]\w*\s*', text):
        return 'Name', 1
    if _re.match(r'\s*[^\W0-9][\w.]*\s*\(', text):
        return 'Call', 1
    return 'BinOp', 1


def __getattr__(name):
    if name.startswith('_'):
        raise AttributeError(f"module 'ast' has no attribute {name!r}")
    raise NotImplementedError(f'not supported: ast.{name} (the trees of programs are not shown here)')
