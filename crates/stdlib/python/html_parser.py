"""Reads HTML as it is found, and calls a method for each thing in it. Complete."""

import re as _re
from html import unescape

__all__ = ['HTMLParser']

_INTERESTING = _re.compile('[&<]')
_INCOMPLETE = _re.compile('&[a-zA-Z#]')
_ENTITY = _re.compile('&([a-zA-Z][-.a-zA-Z0-9]*)[^a-zA-Z0-9]')
_NUMBER = _re.compile('&#(?:[0-9]+|[xX][0-9a-fA-F]+)[^0-9a-fA-F]')
_TAG_NAME = _re.compile(r'([a-zA-Z][^\t\n\r\f />\x00]*)(?:\s|/(?!>))*')
_ATTRIBUTE = _re.compile(r'((?<=[\'"\s/])[^\s/>][^\s/=>]*)(\s*=+\s*(\'[^\']*\'|"[^"]*"|(?![\'"])[^>\s]*))?(?:\s|/(?!>))*')
_START = _re.compile(r'''<[a-zA-Z][^\t\n\r\f />\x00]*(?:[\s/]*(?:(?<=['"\s/])[^\s/>][^\s/=>]*(?:\s*=+\s*(?:'[^']*'|"[^"]*"|(?!['"])[^>\s]*)\s*)?(?:\s|/(?!>))*)*)?\s*''')
_END = _re.compile(r'</\s*([a-zA-Z][-.a-zA-Z0-9:_]*)\s*>')


class HTMLParser:
    """Derive from it, and say what happens at tags, data and comments."""

    CDATA_CONTENT_ELEMENTS = ('script', 'style')

    def __init__(self, *, convert_charrefs=True):
        self.convert_charrefs = convert_charrefs
        self.reset()

    def reset(self):
        self.rawdata = ''
        self.lasttag = '???'
        self.cdata_elem = None
        self._interesting = _INTERESTING
        self.lineno, self.offset = 1, 0

    def feed(self, data):
        self.rawdata += data
        self.goahead(False)

    def close(self):
        self.goahead(True)

    def getpos(self):
        return self.lineno, self.offset

    def get_starttag_text(self):
        return self._starttag_text

    _starttag_text = None

    def updatepos(self, i, j):
        if i < j:
            lines = self.rawdata.count('\n', i, j)
            if lines:
                self.lineno += lines
                self.offset = j - (self.rawdata.rindex('\n', i, j) + 1)
            else:
                self.offset += j - i
        return j

    def set_cdata_mode(self, elem):
        self.cdata_elem = elem.lower()
        self._interesting = _re.compile(rf'</\s*{self.cdata_elem}\s*>', _re.IGNORECASE)

    def clear_cdata_mode(self):
        self._interesting = _INTERESTING
        self.cdata_elem = None

    def goahead(self, end):
        raw = self.rawdata
        at, size = 0, len(raw)
        while at < size:
            if self.convert_charrefs and not self.cdata_elem:
                stop = raw.find('<', at)
                if stop < 0:
                    # A reference at the end may not be whole yet.
                    amp = raw.rfind('&', max(at, size - 34))
                    if amp >= 0 and not _re.compile(r'[\s;]').search(raw, amp):
                        break
                    stop = size
            else:
                match = self._interesting.search(raw, at)
                if match:
                    stop = match.start()
                elif self.cdata_elem:
                    break
                else:
                    stop = size
            if at < stop:
                self._data(raw[at:stop])
            at = self.updatepos(at, stop)
            if at == size:
                break
            if raw.startswith('<', at):
                step = self._tag(raw, at)
                if step < 0:
                    if not end:
                        break
                    step = raw.find('>', at + 1)
                    if step < 0:
                        step = raw.find('<', at + 1)
                        if step < 0:
                            step = at + 1
                    else:
                        step += 1
                    self._data(raw[at:step])
                at = self.updatepos(at, step)
            elif raw.startswith('&#', at):
                match = _NUMBER.match(raw, at)
                if match:
                    self.handle_charref(match.group()[2:-1])
                    step = match.end()
                    if not raw.startswith(';', step - 1):
                        step -= 1
                    at = self.updatepos(at, step)
                    continue
                if ';' in raw[at:]:
                    self.handle_data(raw[at:at + 2])
                    at = self.updatepos(at, at + 2)
                break
            else:
                match = _ENTITY.match(raw, at)
                if match:
                    self.handle_entityref(match[1])
                    step = match.end()
                    if not raw.startswith(';', step - 1):
                        step -= 1
                    at = self.updatepos(at, step)
                    continue
                match = _INCOMPLETE.match(raw, at)
                if match:
                    if end and match.group() == raw[at:]:
                        at = self.updatepos(at, at + 1)
                    break
                if at + 1 < size:
                    self.handle_data('&')
                    at = self.updatepos(at, at + 1)
                    continue
                break
        if end and at < size and not self.cdata_elem:
            self._data(raw[at:size])
            at = self.updatepos(at, size)
        elif end and at < size:
            self.handle_data(raw[at:size])
            at = self.updatepos(at, size)
        self.rawdata = raw[at:]

    def _data(self, text):
        self.handle_data(unescape(text) if self.convert_charrefs and not self.cdata_elem else text)

    def _tag(self, raw, at):
        """The place behind what begins with `<`; -1 when it is not whole."""
        if at + 1 < len(raw) and raw[at + 1].isalpha() and raw[at + 1].isascii():
            return self.parse_starttag(at)
        if raw.startswith('</', at):
            return self.parse_endtag(at)
        if raw.startswith('<!--', at):
            stop = raw.find('-->', at + 4)
            if stop < 0:
                return -1
            self.handle_comment(raw[at + 4:stop])
            return stop + 3
        if raw.startswith('<?', at):
            stop = raw.find('>', at + 2)
            if stop < 0:
                return -1
            self.handle_pi(raw[at + 2:stop])
            return stop + 1
        if raw.startswith('<!', at):
            return self._declaration(raw, at)
        if at + 1 < len(raw):
            self.handle_data('<')
            return at + 1
        return -1

    def _declaration(self, raw, at):
        if raw.startswith('<![', at):
            stop = raw.find(']]>' if raw[at + 3:at + 9].upper() in ('CDATA[', 'TEMP[', 'IGNORE', 'INCLUD', 'RCDATA')
                            else ']>', at + 3)
            if stop < 0:
                return -1
            self.unknown_decl(raw[at + 3:stop])
            return raw.index('>', stop) + 1
        stop = raw.find('>', at + 2)
        if stop < 0:
            return -1
        if raw[at:at + 9].lower() == '<!doctype':
            self.handle_decl(raw[at + 2:stop])
        else:
            self.handle_comment(raw[at + 2:stop])
        return stop + 1

    def parse_starttag(self, at):
        self._starttag_text = None
        raw = self.rawdata
        stop = self._check_whole(raw, at)
        if stop < 0:
            return stop
        self._starttag_text = raw[at:stop]
        match = _TAG_NAME.match(raw, at + 1)
        place = match.end()
        self.lasttag = tag = match[1].lower()
        attributes = []
        while place < stop:
            match = _ATTRIBUTE.match(raw, place)
            if not match:
                break
            name, rest, value = match.group(1, 2, 3)
            if not rest:
                value = None
            elif value[:1] == value[-1:] and value[:1] in ("'", '"') and len(value) > 1:
                value = value[1:-1]
            attributes.append((name.lower(), unescape(value) if value else value))
            place = match.end()
        last = raw[place:stop].strip()
        if last not in ('>', '/>'):
            self.handle_data(raw[at:stop])
            return stop
        if last.endswith('/>'):
            self.handle_startendtag(tag, attributes)
        else:
            self.handle_starttag(tag, attributes)
            if tag in self.CDATA_CONTENT_ELEMENTS:
                self.set_cdata_mode(tag)
        return stop

    def _check_whole(self, raw, at):
        match = _START.match(raw, at)
        place = match.end()
        following = raw[place:place + 1]
        if following == '>':
            return place + 1
        if following == '/':
            if raw.startswith('/>', place):
                return place + 2
            if raw.startswith('/', place) and place + 1 == len(raw):
                return -1
            return place if place > at else at + 1
        if following == '' or following in 'abcdefghijklmnopqrstuvwxyz=/ABCDEFGHIJKLMNOPQRSTUVWXYZ':
            return -1
        return place if place > at else at + 1

    def parse_endtag(self, at):
        raw = self.rawdata
        stop = raw.find('>', at + 1) + 1
        if not stop:
            return -1
        match = _END.match(raw, at)
        if not match:
            if self.cdata_elem is not None:
                self.handle_data(raw[at:stop])
                return stop
            name = _TAG_NAME.match(raw, at + 2)
            if not name:
                if raw[at:at + 3] == '</>':
                    return at + 3
                stop = raw.find('>', at + 2)
                self.handle_comment(raw[at + 2:stop])
                return stop + 1
            self.handle_endtag(name[1].lower())
            return raw.find('>', name.end()) + 1
        tag = match[1].lower()
        if self.cdata_elem is not None and tag != self.cdata_elem:
            self.handle_data(raw[at:stop])
            return stop
        self.handle_endtag(tag)
        self.clear_cdata_mode()
        return stop

    # ---- what happens; nothing here

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_starttag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        pass

    def handle_charref(self, name):
        pass

    def handle_entityref(self, name):
        pass

    def handle_data(self, data):
        pass

    def handle_comment(self, data):
        pass

    def handle_decl(self, decl):
        pass

    def handle_pi(self, data):
        pass

    def unknown_decl(self, data):
        pass
