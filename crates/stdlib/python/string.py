"""Constants for kinds of characters, templates with `$` and the machinery
behind `str.format` as a class that can be changed."""

__all__ = ['ascii_letters', 'ascii_lowercase', 'ascii_uppercase', 'capwords', 'digits',
           'hexdigits', 'octdigits', 'printable', 'punctuation', 'whitespace',
           'Formatter', 'Template']

whitespace = ' \t\n\r\v\f'
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = digits + 'abcdef' + 'ABCDEF'
octdigits = '01234567'
punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Capitalise each word; without a separator, blanks are made single."""
    return (sep or ' ').join([word.capitalize() for word in s.split(sep)])


class _Pattern:
    # The compiled pattern of a Template class, made when first asked for:
    # most programs use the constants above and need no regular expressions.
    def __get__(self, instance, cls):
        import re
        own = cls.__dict__.get('pattern')
        if isinstance(own, re.Pattern):
            return own
        if own is None or own is self:
            mark = re.escape(cls.delimiter)
            name = cls.idpattern
            braced = cls.braceidpattern or name
            own = (f'{mark}(?:(?P<escaped>{mark})|(?P<named>{name})|'
                   f'{{(?P<braced>{braced})}}|(?P<invalid>))')
        cls.pattern = re.compile(own, (re.IGNORECASE if cls.flags is None else cls.flags)
                                 | re.VERBOSE)
        return cls.pattern


class Template:
    """Text with places to fill: `$name`, `${name}`, and `$$` for a plain `$`."""

    delimiter = '$'
    idpattern = r'(?a:[_a-z][_a-z0-9]*)'
    braceidpattern = None
    flags = None
    pattern = _Pattern()

    def __init_subclass__(cls):
        super().__init_subclass__()
        own = cls.__dict__.get('pattern')
        if own is None:
            cls.pattern = _Pattern()
        elif isinstance(own, str):
            import re
            cls.pattern = re.compile(own, (re.IGNORECASE if cls.flags is None else cls.flags)
                                     | re.VERBOSE)

    def __init__(self, template):
        self.template = template

    def _invalid(self, match):
        place = match.start('invalid')
        lines = self.template[:place].splitlines(keepends=True)
        if not lines:
            column, line = 1, 1
        else:
            column, line = place - len(''.join(lines[:-1])), len(lines)
        raise ValueError(f'Invalid placeholder in string: line {line}, col {column}')

    def _unknown_group(self):
        return ValueError('Unrecognized named group in pattern', self.pattern)

    def substitute(self, mapping=None, /, **kws):
        """Fill all places; KeyError when a name is missing."""
        find = _lookup(mapping, kws)

        def convert(match):
            name = match.group('named') or match.group('braced')
            if name is not None:
                return str(find(name))
            if match.group('escaped') is not None:
                return self.delimiter
            if match.group('invalid') is not None:
                self._invalid(match)
            raise self._unknown_group()
        return self.pattern.sub(convert, self.template)

    def safe_substitute(self, mapping=None, /, **kws):
        """Fill what can be filled and leave the rest as it is."""
        find = _lookup(mapping, kws)

        def convert(match):
            name = match.group('named') or match.group('braced')
            if name is not None:
                try:
                    return str(find(name))
                except KeyError:
                    return match.group()
            if match.group('escaped') is not None:
                return self.delimiter
            if match.group('invalid') is not None:
                return match.group()
            raise self._unknown_group()
        return self.pattern.sub(convert, self.template)

    def is_valid(self):
        for match in self.pattern.finditer(self.template):
            if match.group('invalid') is not None:
                return False
            if (match.group('named') is None and match.group('braced') is None
                    and match.group('escaped') is None):
                raise self._unknown_group()
        return True

    def get_identifiers(self):
        """The names in the template, each once."""
        names = {}
        for match in self.pattern.finditer(self.template):
            name = match.group('named') or match.group('braced')
            if name is not None:
                names[name] = None
            elif match.group('invalid') is None and match.group('escaped') is None:
                raise self._unknown_group()
        return list(names)


def _lookup(mapping, kws):
    if mapping is None:
        return kws.__getitem__

    def find(name):
        return kws[name] if name in kws else mapping[name]
    return find


class Formatter:
    """`str.format` in steps that a subclass can replace."""

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used = set()
        result, _ = self._vformat(format_string, args, kwargs, used, 2)
        self.check_unused_args(used, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used, depth, auto=0):
        # `auto` is the next automatic field number, or False after a given one.
        if depth < 0:
            raise ValueError('Max string recursion exceeded')
        parts = []
        for text, name, spec, conversion in self.parse(format_string):
            if text:
                parts.append(text)
            if name is None:
                continue
            if name == '':
                if auto is False:
                    raise ValueError('cannot switch from manual field specification to '
                                     'automatic field numbering')
                name = str(auto)
                auto += 1
            elif name.isdigit():
                if auto:
                    raise ValueError('cannot switch from manual field specification to '
                                     'automatic field numbering')
                auto = False
            value, key = self.get_field(name, args, kwargs)
            used.add(key)
            value = self.convert_field(value, conversion)
            spec, auto = self._vformat(spec, args, kwargs, used, depth - 1, auto)
            parts.append(self.format_field(value, spec))
        return ''.join(parts), auto

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion == 's':
            return str(value)
        if conversion == 'r':
            return repr(value)
        if conversion == 'a':
            return ascii(value)
        raise ValueError(f'Unknown conversion specifier {conversion!s}')

    def parse(self, format_string):
        """(text, field name, format spec, conversion) for each piece."""
        return _parse(format_string)

    def get_field(self, field_name, args, kwargs):
        first, rest = _split_field(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = getattr(value, key) if is_attribute else value[key]
        return value, first


def _parse(text):
    place = 0
    end = len(text)
    while place < end:
        start = place
        while place < end and text[place] not in '{}':
            place += 1
        if place == end:
            yield text[start:], None, None, None
            return
        mark = text[place]
        if text[place + 1:place + 2] == mark:
            yield text[start:place + 1], None, None, None
            place += 2
            continue
        if mark == '}':
            raise ValueError("Single '}' encountered in format string")
        literal = text[start:place]
        place += 1
        if place == end:
            raise ValueError("Single '{' encountered in format string")
        name, place, mark = _field_name(text, place)
        conversion = None
        if mark == '!':
            conversion, place, mark = _conversion(text, place)
        spec = ''
        if mark == ':':
            spec, place = _format_spec(text, place)
        yield literal, name, spec, conversion


def _field_name(text, place):
    # The name, the place after the mark that ends it, and that mark.
    start = place
    while place < len(text):
        mark = text[place]
        if mark == '{':
            raise ValueError("unexpected '{' in field name")
        if mark in '}:!':
            return text[start:place], place + 1, mark
        if mark == '[':
            # Marks inside an index are plain text.
            close = text.find(']', place)
            place = len(text) if close < 0 else close
        place += 1
    raise ValueError("expected '}' before end of string")


def _conversion(text, place):
    if place >= len(text):
        raise ValueError('end of string while looking for conversion specifier')
    mark = text[place + 1:place + 2]
    if mark and mark not in '}:':
        raise ValueError("expected ':' after conversion specifier")
    return text[place], place + 2, mark or ':'


def _format_spec(text, place):
    start = place
    depth = 1
    while place < len(text):
        if text[place] == '{':
            depth += 1
        elif text[place] == '}':
            depth -= 1
            if not depth:
                return text[start:place], place + 1
        place += 1
    raise ValueError("unmatched '{' in format spec")


def _split_field(name):
    place = 0
    while place < len(name) and name[place] not in '.[':
        place += 1
    first = name[:place]
    if first.isdecimal():
        first = int(first)
    rest = []
    while place < len(name):
        if name[place] == '.':
            start = place + 1
            place = start
            while place < len(name) and name[place] not in '.[':
                place += 1
            key = name[start:place]
            rest.append((True, key))
        elif name[place] == '[':
            close = name.find(']', place)
            if close < 0:
                raise ValueError("Missing ']' in format string")
            key = name[place + 1:close]
            rest.append((False, int(key) if key.isdecimal() else key))
            place = close + 1
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
        if key == '':
            raise ValueError('Empty attribute in format string')
    return first, rest
