"""Text in lines of a width. Complete."""

import re

__all__ = ['TextWrapper', 'wrap', 'fill', 'dedent', 'indent', 'shorten']

_SPACES = '\t\n\x0b\x0c\r '
_SPACE_CLASS = '[\t\n\x0b\x0c\r ]'
_OTHER_CLASS = '[^\t\n\x0b\x0c\r ]'
_WORD_MARKS = '[\\w!"\'&.,?]'


class TextWrapper:
    """Breaks text into lines by its settings."""

    unicode_whitespace_trans = {ord(letter): ' ' for letter in _SPACES}
    # Words break behind hyphens between letters, and around dashes.
    wordsep_re = re.compile(
        f'({_SPACE_CLASS}+|(?<={_WORD_MARKS})-{{2,}}(?=\\w)'
        f'|{_OTHER_CLASS}+?(?:-(?:(?<=[^\\d\\W]{{2}}-)|(?<=[^\\d\\W]-[^\\d\\W]-))(?=[^\\d\\W]-?[^\\d\\W])'
        f'|(?={_SPACE_CLASS}|\\Z)|(?<={_WORD_MARKS})(?=-{{2,}}\\w)))')
    wordsep_simple_re = re.compile(f'({_SPACE_CLASS}+)')
    sentence_end_re = re.compile('[a-z][\\.\\!\\?][\\"\\\']?\\Z')

    def __init__(self, width=70, initial_indent='', subsequent_indent='', expand_tabs=True, replace_whitespace=True,
                 fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True,
                 tabsize=8, *, max_lines=None, placeholder=' [...]'):
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.expand_tabs = expand_tabs
        self.replace_whitespace = replace_whitespace
        self.fix_sentence_endings = fix_sentence_endings
        self.break_long_words = break_long_words
        self.drop_whitespace = drop_whitespace
        self.break_on_hyphens = break_on_hyphens
        self.tabsize = tabsize
        self.max_lines = max_lines
        self.placeholder = placeholder

    def _split(self, text):
        splitter = self.wordsep_re if self.break_on_hyphens is True else self.wordsep_simple_re
        return [chunk for chunk in splitter.split(text) if chunk]

    def _chunks(self, text):
        if self.expand_tabs:
            text = text.expandtabs(self.tabsize)
        if self.replace_whitespace:
            text = text.translate(self.unicode_whitespace_trans)
        chunks = self._split(text)
        if self.fix_sentence_endings:
            for at in range(len(chunks) - 1):
                if chunks[at + 1] == ' ' and self.sentence_end_re.search(chunks[at]):
                    chunks[at + 1] = '  '
        return chunks

    def _break_word(self, chunks, line, used, width):
        """Put as much of a word that is too long on the line as goes there."""
        room = 1 if width < 1 else width - used
        word = chunks[-1]
        if not self.break_long_words:
            if not line:
                line.append(chunks.pop())
            return
        end = room
        if self.break_on_hyphens and len(word) > room:
            hyphen = word.rfind('-', 0, room)
            if hyphen > 0 and any([letter != '-' for letter in word[:hyphen]]):
                end = hyphen + 1
        line.append(word[:end])
        chunks[-1] = word[end:]

    def _lines(self, chunks):
        if self.width <= 0:
            raise ValueError(f'invalid width {self.width!r} (must be > 0)')
        if self.max_lines is not None:
            indent = self.subsequent_indent if self.max_lines > 1 else self.initial_indent
            if len(indent) + len(self.placeholder.lstrip()) > self.width:
                raise ValueError('placeholder too large for max width')
        lines = []
        chunks.reverse()
        while chunks:
            indent = self.subsequent_indent if lines else self.initial_indent
            room = self.width - len(indent)
            line = []
            used = 0
            if self.drop_whitespace and lines and not chunks[-1].strip():
                chunks.pop()
            while chunks and used + len(chunks[-1]) <= room:
                used += len(chunks[-1])
                line.append(chunks.pop())
            if chunks and len(chunks[-1]) > room:
                self._break_word(chunks, line, used, room)
                used = sum(map(len, line))
            if self.drop_whitespace and line and not line[-1].strip():
                used -= len(line.pop())
            if not line:
                continue
            last = not chunks or self.drop_whitespace and len(chunks) == 1 and not chunks[0].strip()
            if self.max_lines is None or len(lines) + 1 < self.max_lines or last and used <= room:
                lines.append(indent + ''.join(line))
                continue
            self._cut_off(lines, line, used, room, indent)
            break
        return lines

    def _cut_off(self, lines, line, used, room, indent):
        """End the text with the placeholder, on this line or at the end of the one before."""
        while line:
            if line[-1].strip() and used + len(self.placeholder) <= room:
                lines.append(indent + ''.join(line) + self.placeholder)
                return
            used -= len(line.pop())
        if lines:
            before = lines[-1].rstrip()
            if len(before) + len(self.placeholder) <= self.width:
                lines[-1] = before + self.placeholder
                return
        lines.append(indent + self.placeholder.lstrip())

    def wrap(self, text):
        return self._lines(self._chunks(text))

    def fill(self, text):
        return '\n'.join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).fill(text)


def shorten(text, width, **kwargs):
    return TextWrapper(width=width, max_lines=1, **kwargs).fill(' '.join(text.strip().split()))


def dedent(text):
    """The text without the blanks that begin all its lines."""
    lines = re.sub('^[ \t]+$', '', text, flags=re.MULTILINE).split('\n')
    margin = None
    for line in lines:
        if not line:
            continue
        indent = line[:len(line) - len(line.lstrip(' \t'))]
        if margin is None:
            margin = indent
            continue
        at = 0
        while at < min(len(margin), len(indent)) and margin[at] == indent[at]:
            at += 1
        margin = margin[:at]
    if margin:
        lines = [line[len(margin):] if line else line for line in lines]
    return '\n'.join(lines)


def indent(text, prefix, predicate=None):
    """The text with a prefix before its lines, by default those that are not blank."""
    if predicate is None:
        predicate = str.strip
    return ''.join([prefix + line if predicate(line) else line for line in text.splitlines(True)])
