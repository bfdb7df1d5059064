"""XML as trees of elements. Missing: declarations of entities, `iterparse`, `XMLPullParser`, `canonicalize`, and other
encodings than UTF-8, Latin-1 and ASCII. What is malformed in an odd way can be named with another place.
"""

import io as _io
import re as _re

__all__ = ['Comment', 'dump', 'Element', 'ElementTree', 'fromstring', 'fromstringlist', 'indent', 'iselement', 'parse',
           'ParseError', 'PI', 'ProcessingInstruction', 'QName', 'SubElement', 'tostring', 'tostringlist',
           'TreeBuilder', 'VERSION', 'XML', 'XMLID', 'XMLParser', 'register_namespace']

VERSION = '1.3.0'


class ParseError(SyntaxError):
    """The text is no XML."""


class Element:
    """A tag with attributes, text, and elements in it."""

    def __init__(self, tag, attrib={}, **extra):
        if not isinstance(attrib, dict):
            raise TypeError(f'attrib must be dict, not {type(attrib).__name__}')
        self.tag = tag
        self.attrib = {**attrib, **extra}
        self.text = self.tail = None
        self._children = []

    def __repr__(self):
        return f'<Element {self.tag!r} at {id(self):#x}>'

    def makeelement(self, tag, attrib):
        return type(self)(tag, attrib)

    def __copy__(self):
        made = self.makeelement(self.tag, self.attrib)
        made.text, made.tail = self.text, self.tail
        made[:] = self
        return made

    def __len__(self):
        return len(self._children)

    def __bool__(self):
        import warnings
        warnings.warn('Testing an element\'s truth value will raise an exception in future versions.  Use specific '
                      "'len(elem)' or 'elem is not None' test instead.", DeprecationWarning, stacklevel=2)
        return len(self._children) != 0

    def __getitem__(self, index):
        try:
            return self._children[index]
        except IndexError:
            raise IndexError('child index out of range') from None

    def __setitem__(self, index, element):
        if isinstance(index, slice):
            for each in element:
                _check(each)
        else:
            _check(element)
        self._children[index] = element

    def __delitem__(self, index):
        del self._children[index]

    def __iter__(self):
        return iter(self._children)

    def append(self, subelement, /):
        _check(subelement)
        self._children.append(subelement)

    def extend(self, elements, /):
        for element in elements:
            _check(element)
            self._children.append(element)

    def insert(self, index, subelement, /):
        _check(subelement)
        self._children.insert(index, subelement)

    def remove(self, subelement, /):
        for at, child in enumerate(self._children):
            if child is subelement:
                del self._children[at]
                return
        raise ValueError('list.remove(x): x not in list')

    def find(self, path, namespaces=None):
        return next(_select(self, path, namespaces), None)

    def findtext(self, path, default=None, namespaces=None):
        found = next(_select(self, path, namespaces), None)
        return default if found is None else found.text or ''

    def findall(self, path, namespaces=None):
        return list(_select(self, path, namespaces))

    def iterfind(self, path, namespaces=None):
        return _select(self, path, namespaces)

    def clear(self):
        self.attrib.clear()
        self._children = []
        self.text = self.tail = None

    def get(self, key, default=None):
        return self.attrib.get(key, default)

    def set(self, key, value, /):
        self.attrib[key] = value

    def keys(self):
        return self.attrib.keys()

    def items(self):
        return self.attrib.items()

    def iter(self, tag=None):
        tag = None if tag == '*' else tag
        if tag is None or self.tag == tag:
            yield self
        for child in self._children:
            yield from child.iter(tag)

    def itertext(self):
        if not isinstance(self.tag, str) and self.tag is not None:
            return
        if self.text:
            yield self.text
        for child in self._children:
            yield from child.itertext()
            if child.tail:
                yield child.tail


def _check(value):
    if not isinstance(value, Element):
        raise TypeError(f'append() argument 1 must be xml.etree.ElementTree.Element, not {type(value).__name__}')


def SubElement(parent, tag, attrib={}, **extra):
    element = parent.makeelement(tag, {**attrib, **extra})
    parent.append(element)
    return element


def iselement(element):
    return hasattr(element, 'tag')


def Comment(text=None):
    element = Element(Comment)
    element.text = text
    return element


def ProcessingInstruction(target, text=None):
    element = Element(ProcessingInstruction)
    element.text = f'{target} {text}' if text else target
    return element


PI = ProcessingInstruction


class QName:
    """A name in a namespace."""

    def __init__(self, text_or_uri, tag=None):
        self.text = f'{{{text_or_uri}}}{tag}' if tag else text_or_uri

    def __str__(self):
        return self.text

    def __repr__(self):
        return f'<QName {self.text!r}>'

    def __hash__(self):
        return hash(self.text)

    def __eq__(self, other):
        return self.text == (other.text if isinstance(other, QName) else other)

    def __lt__(self, other):
        return self.text < (other.text if isinstance(other, QName) else other)


# ---- paths

_TOKENS = _re.compile(r"('[^']*'|\"[^\"]*\"|::|//?|\.\.|\(\)|!=|[/.*:\[\]\(\)@=])|((?:\{[^}]+\})?[^/\[\]\(\)@!=\s]+)|\s+")


def _tokens(path, namespaces):
    default = namespaces.get('') if namespaces else None
    in_attribute = False
    for match in _TOKENS.finditer(path):
        sign, name = match[1] or '', match[2] or ''
        if name and name[0] != '{':
            if ':' in name:
                prefix, _, local = name.partition(':')
                if not namespaces or prefix not in namespaces:
                    raise SyntaxError(f'prefix {prefix!r} not found in prefix map')
                name = f'{{{namespaces[prefix]}}}{local}'
            elif default and not in_attribute:
                name = f'{{{default}}}{name}'
            in_attribute = False
        else:
            in_attribute = sign == '@'
        if sign or name:
            yield sign, name


def _select(element, path, namespaces):
    if path[-1:] == '/':
        path += '*'
    if path[:1] == '/':
        raise SyntaxError('cannot use absolute path on element')
    tokens = list(_tokens(path, namespaces))
    found = iter([element])
    parents = {}
    at = 0
    while at < len(tokens):
        sign, name = tokens[at]
        at += 1
        if sign == '//':
            if at == len(tokens):
                raise SyntaxError('invalid path')
            sign, name = tokens[at]
            at += 1
            if sign not in ('*', '') or sign == '' and not name:
                raise SyntaxError('invalid descendant')
            found = _descendants(found, name or '*')
        elif name or sign == '*':
            found = _children(found, name or '*')
        elif sign == '.':
            pass
        elif sign == '..':
            found = _parents(found, element, parents)
        elif sign == '[':
            end = at
            while end < len(tokens) and tokens[end][0] != ']':
                end += 1
            if end == len(tokens):
                raise SyntaxError('invalid path')
            found = _filtered(found, tokens[at:end], element, parents)
            at = end + 1
        elif sign != '/':
            raise SyntaxError('invalid path')
    return found


def _fits(tag, wanted):
    if wanted == '*':
        return isinstance(tag, str)
    if wanted[:3] == '{*}':
        return isinstance(tag, str) and (tag == wanted[3:] or tag.endswith(wanted[2:]) and tag[:1] == '{')
    if wanted[-2:] == '}*':
        return isinstance(tag, str) and tag.startswith(wanted[:-1])
    return tag == wanted


def _children(elements, name):
    for element in elements:
        for child in element:
            if _fits(child.tag, name):
                yield child


def _descendants(elements, name):
    for element in elements:
        for child in element.iter():
            if child is not element and _fits(child.tag, name):
                yield child


def _parents(elements, root, parents):
    if not parents:
        for parent in root.iter():
            for child in parent:
                parents[id(child)] = parent
    seen = set()
    for element in elements:
        parent = parents.get(id(element))
        if parent is not None and id(parent) not in seen:
            seen.add(id(parent))
            yield parent


def _filtered(elements, tokens, root, parents):
    signature = ''.join(['-' if name else "'" if sign[:1] in ('"', "'") else sign for sign, name in tokens])
    if signature == '-' and _re.fullmatch(r'-?\d+', tokens[0][1]):
        signature = '0'
    names = [name or sign for sign, name in tokens]
    values = [sign[1:-1] for sign, _ in tokens if sign[:1] in ('"', "'")]
    value = values[0] if values else None
    if signature == '@-':
        return (e for e in elements if e.get(names[1]) is not None)
    if signature in ("@-='", "@-!='"):
        same = signature == "@-='"
        return (e for e in elements if e.get(names[1]) is not None and (e.get(names[1]) == value) is same)
    if signature == '-':
        return (e for e in elements if e.find(names[0]) is not None)
    if signature in (".='", ".!='"):
        same = signature == ".='"
        return (e for e in elements if (''.join(e.itertext()) == value) is same)
    if signature in ("-='", "-!='"):
        same = signature == "-='"
        return (e for e in elements if any([(''.join(c.itertext()) == value) is same for c in e.findall(names[0])]))
    if signature == '0' or signature in ('-()', '-()-'):
        if signature == '0':
            index = int(names[0]) - 1
            if index < 0:
                raise SyntaxError('XPath position >= 1 expected')
        elif names[0] != 'last':
            raise SyntaxError('unsupported function')
        else:
            index = -1 if signature == '-()' else int(names[2]) - 1
            if index > -2 and signature == '-()-':
                raise SyntaxError('XPath offset from last() must be negative')
        return _at_index(elements, index, root, parents)
    raise SyntaxError('invalid predicate')


def _at_index(elements, index, root, parents):
    list(_parents((), root, parents))
    for element in elements:
        parent = parents.get(id(element))
        if parent is None:
            continue
        same = parent.findall(element.tag)
        if -len(same) <= index < len(same) and same[index] is element:
            yield element


# ---- trees

class ElementTree:
    """A whole document."""

    def __init__(self, element=None, file=None):
        self._root = element
        if file:
            self.parse(file)

    def getroot(self):
        return self._root

    def _setroot(self, element):
        self._root = element

    def parse(self, source, parser=None):
        if hasattr(source, 'read'):
            data = source.read()
        else:
            with open(source, 'rb') as file:
                data = file.read()
        parser = parser or XMLParser()
        parser.feed(data)
        self._root = parser.close()
        return self._root

    def iter(self, tag=None):
        return self._root.iter(tag)

    def _relative(self, path):
        return '.' + path if path[:1] == '/' else path

    def find(self, path, namespaces=None):
        return self._root.find(self._relative(path), namespaces)

    def findtext(self, path, default=None, namespaces=None):
        return self._root.findtext(self._relative(path), default, namespaces)

    def findall(self, path, namespaces=None):
        return self._root.findall(self._relative(path), namespaces)

    def iterfind(self, path, namespaces=None):
        return self._root.iterfind(self._relative(path), namespaces)

    def write(self, file_or_filename, encoding=None, xml_declaration=None, default_namespace=None, method=None, *,
              short_empty_elements=True):
        text = _written(self._root, encoding, xml_declaration, default_namespace, method, short_empty_elements)
        if not hasattr(file_or_filename, 'write'):
            with open(file_or_filename, 'wb') as file:
                file.write(text.encode('utf-8') if isinstance(text, str) else text)
            return
        file_or_filename.write(text)


_prefixes = {'http://www.w3.org/XML/1998/namespace': 'xml', 'http://www.w3.org/1999/xhtml': 'html',
             'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf', 'http://schemas.xmlsoap.org/wsdl/': 'wsdl',
             'http://www.w3.org/2001/XMLSchema': 'xs', 'http://www.w3.org/2001/XMLSchema-instance': 'xsi',
             'http://purl.org/dc/elements/1.1/': 'dc'}


def register_namespace(prefix, uri):
    if _re.match(r'ns\d+$', prefix):
        raise ValueError('Prefix format reserved for internal use')
    for known, value in list(_prefixes.items()):
        if known == uri or value == prefix:
            del _prefixes[known]
    _prefixes[uri] = prefix


def _written(element, encoding, declaration, default_namespace, method, short):
    method = method or 'xml'
    if method not in ('xml', 'html', 'text', 'c14n'):
        raise ValueError(f'unknown method {method!r}')
    if method in ('html', 'c14n'):
        raise NotImplementedError(f'not supported: writing XML by the method {method!r}')
    as_text = encoding is not None and encoding.lower() == 'unicode'
    named = 'us-ascii' if encoding is None else encoding
    out = []
    if method == 'xml' and (declaration or declaration is None and not as_text
                            and named.lower() not in ('utf-8', 'us-ascii')):
        out.append(f"<?xml version='1.0' encoding='{'UTF-8' if as_text else named}'?>\n")
    if method == 'text':
        out.extend(element.itertext())
        if element.tail:
            out.append(element.tail)
    else:
        names, spaces = _qualified(element, default_namespace)
        _write(out, element, names, spaces, short)
    text = ''.join(out)
    return text if as_text else text.encode(named, 'xmlcharrefreplace')


def _qualified(root, default):
    """How each name is written, and the prefixes that have to be told."""
    names = {None: None}
    spaces = {}
    if default:
        spaces[default] = ''

    def add(name):
        if name[:1] != '{':
            if default:
                raise ValueError('cannot use non-qualified names with default_namespace option')
            names[name] = name
            return
        uri, _, tag = name[1:].rpartition('}')
        prefix = spaces.get(uri)
        if prefix is None:
            prefix = _prefixes.get(uri)
            if prefix is None:
                prefix = f'ns{len(spaces)}'
            if prefix != 'xml':
                spaces[uri] = prefix
        names[name] = f'{prefix}:{tag}' if prefix else tag

    for element in root.iter():
        tag = element.tag
        if isinstance(tag, QName):
            if tag.text not in names:
                add(tag.text)
        elif isinstance(tag, str):
            if tag not in names:
                add(tag)
        elif tag is not None and tag is not Comment and tag is not PI:
            _odd(tag)
        for key, value in element.items():
            key = key.text if isinstance(key, QName) else key
            if key not in names:
                if not isinstance(key, str):
                    _odd(key)
                add(key)
            if isinstance(value, QName) and value.text not in names:
                add(value.text)
        if isinstance(element.text, QName) and element.text.text not in names:
            add(element.text.text)
    return names, spaces


def _odd(value):
    raise TypeError(f'cannot serialize {value!r} (type {type(value).__name__})')


def _write(out, element, names, spaces, short):
    tag, text = element.tag, element.text
    if tag is Comment:
        out.append(f'<!--{text}-->')
    elif tag is PI:
        out.append(f'<?{text}?>')
    else:
        tag = names[tag.text if isinstance(tag, QName) else tag]
        if tag is None:
            if text:
                out.append(_escaped(text))
            for child in element:
                _write(out, child, names, None, short)
        else:
            out.append('<' + tag)
            if spaces:
                for uri, prefix in sorted(spaces.items(), key=lambda item: item[1]):
                    out.append(f' xmlns{":" + prefix if prefix else ""}="{_escaped_attribute(uri)}"')
            for key, value in element.items():
                key = key.text if isinstance(key, QName) else key
                value = names[value.text] if isinstance(value, QName) else _escaped_attribute(value)
                out.append(f' {names[key]}="{value}"')
            if text or len(element) or not short:
                out.append('>')
                if text:
                    out.append(names[text.text] if isinstance(text, QName) else _escaped(text))
                for child in element:
                    _write(out, child, names, None, short)
                out.append(f'</{tag}>')
            else:
                out.append(' />')
    if element.tail:
        out.append(_escaped(element.tail))


def _escaped(text):
    if not isinstance(text, str):
        _odd(text)
    return text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')


def _escaped_attribute(text):
    text = _escaped(text).replace('"', '&quot;')
    return text.replace('\r', '&#13;').replace('\n', '&#10;').replace('\t', '&#09;')


def tostring(element, encoding=None, method=None, *, xml_declaration=None, default_namespace=None,
             short_empty_elements=True):
    return _written(element, encoding, xml_declaration, default_namespace, method, short_empty_elements)


def tostringlist(element, encoding=None, method=None, **options):
    return [tostring(element, encoding, method, **options)]


def dump(elem):
    import sys
    if not isinstance(elem, ElementTree):
        elem = ElementTree(elem)
    elem.write(sys.stdout, encoding='unicode')
    tail = elem.getroot().tail
    if not tail or tail[-1] != '\n':
        sys.stdout.write('\n')


def indent(tree, space='  ', level=0):
    """Put each element on a line of its own."""
    if isinstance(tree, ElementTree):
        tree = tree.getroot()
    if level < 0:
        raise ValueError(f'Initial indentation level must be >= 0, got {level}')
    if len(tree):
        _indent(tree, space, level)


def _indent(element, space, level):
    inner = '\n' + (level + 1) * space
    if not element.text or not element.text.strip():
        element.text = inner
    for child in element:
        if len(child):
            _indent(child, space, level + 1)
        if not child.tail or not child.tail.strip():
            child.tail = inner
    if not child.tail.strip():
        child.tail = '\n' + level * space


# ---- reading

class TreeBuilder:
    """Makes a tree of what a parser meets."""

    def __init__(self, element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False,
                 insert_pis=False):
        self._data, self._open = [], []
        self._last = self._root = None
        self._tail = False
        self._factory = element_factory or Element
        self._comment, self._pi = comment_factory or Comment, pi_factory or PI
        self.insert_comments, self.insert_pis = insert_comments, insert_pis

    def close(self):
        assert not self._open, 'missing end tags'
        assert self._root is not None, 'missing toplevel element'
        return self._root

    def _flush(self):
        if self._data:
            if self._last is not None:
                text = ''.join(self._data)
                if self._tail:
                    self._last.tail = text
                else:
                    self._last.text = text
            self._data = []

    def data(self, data):
        self._data.append(data)

    def start(self, tag, attrs):
        self._flush()
        self._last = element = self._factory(tag, attrs)
        if self._open:
            self._open[-1].append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)
        self._tail = False
        return element

    def end(self, tag):
        self._flush()
        self._last = self._open.pop()
        self._tail = True
        return self._last

    def _single(self, factory, insert, *args):
        element = factory(*args)
        if insert:
            self._flush()
            self._last = element
            if self._open:
                self._open[-1].append(element)
            self._tail = True
        return element

    def comment(self, text):
        return self._single(self._comment, self.insert_comments, text)

    def pi(self, target, text=None):
        return self._single(self._pi, self.insert_pis, target, text)


_NAME = r'[A-Za-z_:\u0080-\U0010ffff][-A-Za-z0-9._:\u0080-\U0010ffff]*'
_START = _re.compile(rf'<({_NAME})')
_ATTRIBUTE = _re.compile(rf'(\s+)({_NAME})(\s*=\s*)("[^"]*"|\'[^\']*\')')
_END = _re.compile(rf'</({_NAME})\s*>')
_REFERENCE = _re.compile(rf'&(?:#([0-9]+)|#x([0-9a-fA-F]+)|({_NAME}));')
_NAMED = {'lt': '<', 'gt': '>', 'amp': '&', 'quot': '"', 'apos': "'"}
_CONTROL = _re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')


class XMLParser:
    """Reads a document."""

    def __init__(self, *, target=None, encoding=None):
        self.target = TreeBuilder() if target is None else target
        self._encoding = encoding
        self._pieces = []
        self.entity = {}

    def feed(self, data):
        self._pieces.append(data)

    def flush(self):
        pass

    def close(self):
        if any([isinstance(piece, str) for piece in self._pieces]):
            text = ''.join([piece if isinstance(piece, str) else piece.decode('utf-8') for piece in self._pieces])
        else:
            text = self._decoded(b''.join(self._pieces))
        _Document(text.replace('\r\n', '\n').replace('\r', '\n'), self).read()
        close = getattr(self.target, 'close', None)
        return close() if close else None

    def _decoded(self, data):
        encoding = self._encoding
        if encoding is None:
            match = _re.match(rb'<\?xml[^>]*encoding\s*=\s*["\']([A-Za-z0-9._-]+)["\']', data.removeprefix(b'\xef\xbb\xbf'))
            encoding = match[1].decode('ascii') if match else 'utf-8'
        if data[:2] in (b'\xff\xfe', b'\xfe\xff'):
            encoding = 'utf-16'
        try:
            return data.decode(encoding).removeprefix('\ufeff')
        except UnicodeDecodeError as error:
            before = data[:error.start]
            raise _error('not well-formed (invalid token)', before.count(b'\n') + 1,
                         len(before) - before.rfind(b'\n') - 1, 4) from None


def _error(message, line, column, code):
    error = ParseError(f'{message}: line {line}, column {column}')
    error.code = code
    error.position = line, column
    return error


class _Document:
    def __init__(self, text, parser):
        self.text = text
        self.target = parser.target
        self.entity = parser.entity
        self.open = []
        self.spaces = [{'xml': 'http://www.w3.org/XML/1998/namespace'}]

    def fail(self, message, at, code):
        line = self.text.count('\n', 0, at) + 1
        return _error(message, line, at - self.text.rfind('\n', 0, at) - 1, code)

    def invalid(self, at):
        return self.fail('not well-formed (invalid token)', at, 4)

    def tell(self, name, *arguments):
        method = getattr(self.target, name, None)
        if method is not None:
            method(*arguments)

    def read(self):
        text, size = self.text, len(self.text)
        control = _CONTROL.search(text)
        at = 0
        done = False
        while at < size:
            if control and control.start() == at:
                raise self.invalid(at)
            stop = text.find('<', at)
            stop = size if stop < 0 else stop
            if control and at <= control.start() < stop:
                stop = control.start()
            if stop > at:
                if self.open:
                    self.characters(at, stop)
                elif text[at:stop].strip(' \t\n'):
                    raise self.outside(at + len(text[at:stop]) - len(text[at:stop].lstrip(' \t\n')), done)
                at = stop
                continue
            following = text[at + 1:at + 2]
            if following == '/':
                at = self.end(at)
                done = done or not self.open
            elif following == '?':
                at = self.instruction(at)
            elif following == '!':
                at = self.declaration(at, done)
            else:
                if done and not self.open:
                    raise self.fail('junk after document element', at, 9)
                at = self.start(at)
                done = done or not self.open
        if self.open or not done:
            raise self.fail('no element found', size, 3)

    def outside(self, at, done):
        """What is wrong with something that stands beside the one element."""
        text = self.text
        quote = text[at]
        if quote in ('"', "'"):
            if text.find(quote, at + 1) < 0:
                return self.fail('unclosed token', at, 5)
        else:
            name = _re.compile(_NAME).match(text, at)
            if name is None and quote not in '>[]%)|,+*?(#':
                return self.invalid(at)
            if name is not None and text[name.end():name.end() + 1] not in ('', ' ', '\t', '\n', '<', '>', '[', ')', '|', ',',
                                                                         '*', '+', '?', '"', "'", '%'):
                return self.invalid(name.end())
            if name is not None and text[name.end():name.end() + 1] in ('<', '"', "'"):
                return self.invalid(name.end())
        return self.fail('junk after document element', at, 9) if done else self.fail('syntax error', at, 2)

    def characters(self, at, stop):
        text = self.text
        piece = text[at:stop]
        bad = piece.find(']]>')
        if bad >= 0:
            raise self.invalid(at + bad + 2)
        if '&' in piece:
            piece = self.resolved(piece, at)
        self.tell('data', piece)

    def resolved(self, piece, base):
        out = []
        at = 0
        while True:
            amp = piece.find('&', at)
            if amp < 0:
                out.append(piece[at:])
                return ''.join(out)
            out.append(piece[at:amp])
            match = _REFERENCE.match(piece, amp)
            if not match:
                raise self.invalid(self.bad_reference(base + amp))
            decimal, hexadecimal, name = match.groups()
            if name is not None:
                if name in _NAMED:
                    out.append(_NAMED[name])
                elif name in self.entity:
                    out.append(self.entity[name])
                else:
                    raise self.fail('undefined entity', base + amp, 11)
            else:
                code = int(decimal) if decimal else int(hexadecimal, 16)
                if code > 0x10ffff or 0xd800 <= code <= 0xdfff or _CONTROL.match(chr(code)):
                    raise self.fail('reference to invalid character number', base + amp, 14)
                out.append(chr(code))
            at = match.end()

    def bad_reference(self, at):
        """Where a reference stops to be one."""
        match = _re.compile(rf'&(?:#(?:x[0-9a-fA-F]*|[0-9]*)|{_NAME})?').match(self.text, at)
        return match.end()

    def start(self, at):
        text = self.text
        match = _START.match(text, at)
        if not match:
            if at + 1 == len(text):
                raise self.fail('unclosed token', at, 5)
            raise self.invalid(at + 1)
        name = match[1]
        place = match.end()
        attributes = []
        seen = set()
        while True:
            found = _ATTRIBUTE.match(text, place)
            if not found:
                break
            key, value = found[2], found[4]
            if '<' in value:
                raise self.invalid(found.start(4) + value.index('<'))
            if key in seen:
                raise self.fail('duplicate attribute', found.start(2), 8)
            seen.add(key)
            attributes.append((key, self.value(value[1:-1], found.start(4) + 1)))
            place = found.end()
        stop = place
        while text[stop:stop + 1] in (' ', '\t', '\n') and text[stop:stop + 1]:
            stop += 1
        if text.startswith('/>', stop):
            closed, stop = True, stop + 2
        elif text.startswith('>', stop):
            closed, stop = False, stop + 1
        else:
            raise self.broken(at, stop)
        spaces = dict(self.spaces[-1])
        plain = []
        for key, value in attributes:
            if key == 'xmlns':
                spaces[''] = value
            elif key.startswith('xmlns:'):
                spaces[key[6:]] = value
            else:
                plain.append((key, value))
        tag = self.named(name, spaces, at, True)
        self.tell('start', tag, {self.named(key, spaces, at, False): value for key, value in plain})
        if closed:
            self.tell('end', tag)
        else:
            self.open.append((name, tag))
            self.spaces.append(spaces)
        return stop

    def broken(self, at, stop):
        """What is wrong where an attribute or the end of a tag should be."""
        text = self.text
        if stop == len(text):
            return self.fail('unclosed token', at, 5)
        match = _re.compile(rf'({_NAME})?(\s*)(=)?(\s*)(["\'])?').match(text, stop)
        if not match[1]:
            return self.invalid(stop + 1 if text[stop] == '/' and stop + 1 < len(text) else stop)
        if match[5] or match.end() == len(text):
            return self.fail('unclosed token', at, 5)
        return self.invalid(match.end())

    def value(self, piece, base):
        piece = piece.replace('\n', ' ').replace('\t', ' ')
        return self.resolved(piece, base) if '&' in piece else piece

    def named(self, name, spaces, at, is_tag):
        prefix, colon, local = name.partition(':')
        if not colon:
            uri = spaces.get('') if is_tag else None
            return f'{{{uri}}}{name}' if uri else name
        if prefix not in spaces:
            raise self.fail('unbound prefix', at, 27)
        return f'{{{spaces[prefix]}}}{local}'

    def end(self, at):
        match = _END.match(self.text, at)
        if not match:
            start = _re.compile(rf'</({_NAME})?\s*').match(self.text, at)
            if start.end() == len(self.text):
                raise self.fail('unclosed token', at, 5)
            raise self.invalid(start.end())
        if not self.open:
            raise self.invalid(at + 1)
        name, tag = self.open[-1]
        if name != match[1]:
            raise self.fail('mismatched tag', at + 2, 7)
        self.open.pop()
        self.spaces.pop()
        self.tell('end', tag)
        return match.end()

    def instruction(self, at):
        stop = self.text.find('?>', at + 2)
        if stop < 0:
            raise self.fail('unclosed token', at, 5)
        target, _, rest = self.text[at + 2:stop].partition(' ')
        if target.lower() == 'xml':
            if at:
                raise self.fail('XML or text declaration not at start of entity', at, 30)
        else:
            self.tell('pi', target, rest.strip() or None)
        return stop + 2

    def declaration(self, at, done):
        text = self.text
        if text.startswith('<!--', at):
            stop = text.find('--', at + 4)
            if stop < 0:
                raise self.fail('unclosed token', at, 5)
            if text[stop:stop + 3] != '-->':
                raise self.invalid(stop + 2)
            self.tell('comment', text[at + 4:stop])
            return stop + 3
        if text.startswith('<![CDATA[', at) and self.open:
            stop = text.find(']]>', at)
            if stop < 0:
                raise self.fail('unclosed CDATA section', at, 20)
            self.tell('data', text[at + 9:stop])
            return stop + 3
        if text.startswith('<!DOCTYPE', at) and not self.open and not done:
            stop = text.find('>', at)
            if '[' in text[at:stop]:
                raise NotImplementedError('not supported: declarations in XML')
            if stop < 0:
                raise self.fail('unclosed token', at, 5)
            return stop + 1
        if text.startswith('<![CDATA[', at):
            raise self.fail('junk after document element', at, 9) if done else self.fail('syntax error', at, 2)
        raise self.invalid(at + 2)


def XML(text, parser=None):
    parser = parser or XMLParser()
    parser.feed(text)
    return parser.close()


fromstring = XML


def fromstringlist(sequence, parser=None):
    parser = parser or XMLParser()
    for text in sequence:
        parser.feed(text)
    return parser.close()


def XMLID(text, parser=None):
    tree = XML(text, parser)
    return tree, {element.get('id'): element for element in tree.iter() if element.get('id')}


def parse(source, parser=None):
    tree = ElementTree()
    tree.parse(source, parser)
    return tree


def __getattr__(name):
    if name in ('iterparse', 'XMLPullParser', 'canonicalize', 'C14NWriterTarget'):
        raise NotImplementedError(f'not supported: xml.etree.ElementTree.{name}')
    raise AttributeError(f"module 'xml.etree.ElementTree' has no attribute {name!r}")
