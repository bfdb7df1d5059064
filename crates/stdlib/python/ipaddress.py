"""Addresses and networks of the Internet Protocol, versions 4 and 6. Complete."""

import functools as _functools

IPV4LENGTH, IPV6LENGTH = 32, 128


class AddressValueError(ValueError):
    """What is wrong with an address."""


class NetmaskValueError(ValueError):
    """What is wrong with a netmask."""


def _first_of(kinds, what, address, *strict):
    for cls in kinds:
        try:
            return cls(address, *strict)
        except (AddressValueError, NetmaskValueError):
            pass
    raise ValueError(f'{address!r} does not appear to be an IPv4 or IPv6 {what}')


def ip_address(address):
    return _first_of((IPv4Address, IPv6Address), 'address', address)


def ip_network(address, strict=True):
    return _first_of((IPv4Network, IPv6Network), 'network', address, strict)


def ip_interface(address):
    return _first_of((IPv4Interface, IPv6Interface), 'interface', address)


def v4_int_to_packed(address):
    return _packed(address, 4)


def v6_int_to_packed(address):
    return _packed(address, 6)


def _packed(address, version):
    try:
        return address.to_bytes(4 if version == 4 else 16, 'big')
    except OverflowError:
        raise ValueError(f'Address negative or too large for IPv{version}') from None


def _zeros_at_right(number, bits):
    return bits if number == 0 else min(bits, (~number & (number - 1)).bit_length())


def summarize_address_range(first, last):
    """The networks that hold a range of addresses and nothing else."""
    if not isinstance(first, _Address) or not isinstance(last, _Address):
        raise TypeError('first and last must be IP addresses, not networks')
    if first.version != last.version:
        raise TypeError(f'{first} and {last} are not of the same version')
    if first > last:
        raise ValueError('last IP address must be greater than first')
    network = IPv4Network if first.version == 4 else IPv6Network
    bits = first.max_prefixlen
    low, high = int(first), int(last)
    while low <= high:
        size = min(_zeros_at_right(low, bits), (high - low + 1).bit_length() - 1)
        yield network((low, bits - size))
        low += 1 << size
        if low - 1 == (1 << bits) - 1:
            break


def collapse_addresses(addresses):
    """The fewest networks that hold the same addresses."""
    lone, networks = [], []
    for one in addresses:
        kept = lone if isinstance(one, _Address) or one._prefixlen == one.max_prefixlen else networks
        others = lone or networks
        if others and others[-1].version != one.version:
            raise TypeError(f'{one} and {others[-1]} are not of the same version')
        if kept is lone:
            lone.append(one if isinstance(one, _Address) and not hasattr(one, 'network') else one.ip
                        if hasattr(one, 'ip') else one.network_address)
        else:
            networks.append(one)
    lone = sorted(set(lone))
    at = 0
    while at < len(lone):
        end = at
        while end + 1 < len(lone) and int(lone[end + 1]) == int(lone[end]) + 1:
            end += 1
        networks.extend(summarize_address_range(lone[at], lone[end]))
        at = end + 1
    return _collapsed(networks)


def _collapsed(networks):
    subnets = {}
    todo = list(networks)
    while todo:
        network = todo.pop()
        supernet = network.supernet()
        other = subnets.get(supernet)
        if other is None:
            subnets[supernet] = network
        elif other != network:
            del subnets[supernet]
            todo.append(supernet)
    last = None
    for network in sorted(subnets.values()):
        if last is not None and last.broadcast_address >= network.broadcast_address:
            continue
        yield network
        last = network


def get_mixed_type_key(obj):
    """Sorts addresses and networks together."""
    if isinstance(obj, _Network):
        return obj._get_networks_key()
    if isinstance(obj, _Address):
        return obj._version, obj
    return NotImplemented


class _Common:
    __slots__ = ()

    @property
    def exploded(self):
        return self._explode_shorthand_ip_string()

    @property
    def compressed(self):
        return str(self)

    @property
    def reverse_pointer(self):
        return self._reverse_pointer()

    @property
    def version(self):
        return self._version

    @property
    def max_prefixlen(self):
        return self._max_prefixlen

    def _check_int_address(self, address):
        if address < 0:
            raise AddressValueError(f'{address} (< 0) is not permitted as an IPv{self._version} address')
        if address > self._ALL_ONES:
            raise AddressValueError(f'{address} (>= 2**{self._max_prefixlen}) is not permitted as an '
                                    f'IPv{self._version} address')

    def _check_packed_address(self, address, size):
        if len(address) != size:
            raise AddressValueError(f'{address!r} (len {len(address)} != {size}) is not permitted as an '
                                    f'IPv{self._version} address')

    @classmethod
    def _ip_int_from_prefix(cls, prefixlen):
        return cls._ALL_ONES ^ (cls._ALL_ONES >> prefixlen)

    @classmethod
    def _prefix_from_ip_int(cls, number):
        zeros = _zeros_at_right(number, cls._max_prefixlen)
        prefixlen = cls._max_prefixlen - zeros
        if number >> zeros != (1 << prefixlen) - 1:
            size = cls._max_prefixlen // 8
            raise ValueError(f"Netmask pattern {number.to_bytes(size, 'big')!r} mixes zeroes & ones")
        return prefixlen

    @classmethod
    def _report_invalid_netmask(cls, text):
        raise NetmaskValueError(f'{text!r} is not a valid netmask') from None

    @classmethod
    def _prefix_from_prefix_string(cls, text):
        if not (text.isascii() and text.isdigit()) or int(text) > cls._max_prefixlen:
            cls._report_invalid_netmask(text)
        return int(text)

    @classmethod
    def _prefix_from_ip_string(cls, text):
        try:
            number = cls._ip_int_from_string(text)
        except AddressValueError:
            cls._report_invalid_netmask(text)
        try:
            return cls._prefix_from_ip_int(number)
        except ValueError:
            pass
        # It may be a mask of the hosts.
        try:
            return cls._prefix_from_ip_int(number ^ cls._ALL_ONES)
        except ValueError:
            cls._report_invalid_netmask(text)

    @classmethod
    def _split_addr_prefix(cls, address):
        if not isinstance(address, tuple):
            if isinstance(address, (bytes, int)):
                return address, cls._max_prefixlen
            parts = str(address).split('/')
            if len(parts) > 2:
                raise AddressValueError(f"Only one '/' permitted in {address!r}")
            address = tuple(parts)
        return address[0], address[1] if len(address) > 1 else cls._max_prefixlen

    def __reduce__(self):
        return type(self), (str(self),)


@_functools.total_ordering
class _Address(_Common):
    __slots__ = ()

    def __init__(self, address):
        if isinstance(address, int):
            self._check_int_address(address)
            self._ip = address
        elif isinstance(address, bytes):
            self._check_packed_address(address, self._max_prefixlen // 8)
            self._ip = int.from_bytes(address, 'big')
        else:
            text = str(address)
            if '/' in text:
                raise AddressValueError(f"Unexpected '/' in {address!r}")
            self._ip = self._ip_int_from_string(self._without_scope(text))

    def _without_scope(self, text):
        return text

    @property
    def packed(self):
        return _packed(self._ip, self._version)

    def __int__(self):
        return self._ip

    def __eq__(self, other):
        try:
            return self._ip == other._ip and self._version == other._version
        except AttributeError:
            return NotImplemented

    def __lt__(self, other):
        if not isinstance(other, _Address):
            return NotImplemented
        if self._version != other._version:
            raise TypeError(f'{self} and {other} are not of the same version')
        return self._ip < other._ip

    def __add__(self, other):
        return type(self)(int(self) + other) if isinstance(other, int) else NotImplemented

    def __sub__(self, other):
        return type(self)(int(self) - other) if isinstance(other, int) else NotImplemented

    def __repr__(self):
        return f'{type(self).__name__}({str(self)!r})'

    def __str__(self):
        return str(self._string_from_ip_int(self._ip))

    def __hash__(self):
        return hash(hex(int(self._ip)))

    def __reduce__(self):
        return type(self), (self._ip,)

    def __format__(self, fmt):
        if not fmt or fmt[-1] == 's':
            return format(str(self), fmt)
        import re
        match = re.fullmatch('(#?)(_?)([xbnX])', fmt)
        if not match:
            return super().__format__(fmt)
        alternate, grouping, base = match.groups()
        if base == 'n':
            base = 'b' if self._version == 4 else 'x'
        padded = self._max_prefixlen if base == 'b' else self._max_prefixlen // 4
        if grouping:
            padded += padded // 4 - 1
        if alternate:
            padded += 2
        return format(int(self), f'{alternate}0{padded}{grouping}{base}')


@_functools.total_ordering
class _Network(_Common):
    def __init__(self, address, strict=True):
        address, mask = self._split_addr_prefix(address)
        self.network_address = self._address_class(address)
        self.netmask, self._prefixlen = self._make_netmask(mask)
        number, kept = int(self.network_address), int(self.network_address) & int(self.netmask)
        if kept != number:
            if strict:
                raise ValueError(f'{self} has host bits set')
            self.network_address = self._address_class(kept)
        # Where there is no place for a broadcast, every address is a host.
        if self._prefixlen == self._max_prefixlen - 1:
            self.hosts = self.__iter__
        elif self._prefixlen == self._max_prefixlen:
            self.hosts = lambda: [self._address_class(address)]

    @classmethod
    def _make_netmask(cls, arg):
        if arg not in cls._netmask_cache:
            prefixlen = arg if isinstance(arg, int) else cls._prefix_from_text(arg)
            if not 0 <= prefixlen <= cls._max_prefixlen:
                cls._report_invalid_netmask(prefixlen)
            cls._netmask_cache[arg] = cls._address_class(cls._ip_int_from_prefix(prefixlen)), prefixlen
        return cls._netmask_cache[arg]

    def __repr__(self):
        return f'{type(self).__name__}({str(self)!r})'

    def __str__(self):
        return f'{self.network_address}/{self.prefixlen}'

    def hosts(self):
        network, broadcast = int(self.network_address), int(self.broadcast_address)
        yield from self._each(network + 1, broadcast)

    def _each(self, number, end):
        # Not a range: the numbers of version 6 do not fit one here.
        while number < end:
            yield self._address_class(number)
            number += 1

    def __iter__(self):
        yield from self._each(int(self.network_address), int(self.broadcast_address) + 1)

    def __getitem__(self, n):
        network, broadcast = int(self.network_address), int(self.broadcast_address)
        number = network + n if n >= 0 else broadcast + n + 1
        if not network <= number <= broadcast:
            raise IndexError('address out of range')
        return self._address_class(number)

    def __lt__(self, other):
        if not isinstance(other, _Network):
            return NotImplemented
        if self._version != other._version:
            raise TypeError(f'{self} and {other} are not of the same version')
        return (self.network_address, self.netmask) < (other.network_address, other.netmask)

    def __eq__(self, other):
        try:
            return (self._version == other._version and self.network_address == other.network_address
                    and int(self.netmask) == int(other.netmask))
        except AttributeError:
            return NotImplemented

    def __hash__(self):
        return hash(int(self.network_address) ^ int(self.netmask))

    def __contains__(self, other):
        if self._version != other._version or isinstance(other, _Network):
            return False
        return other._ip & self.netmask._ip == self.network_address._ip

    def overlaps(self, other):
        return (self.network_address in other or self.broadcast_address in other
                or other.network_address in self or other.broadcast_address in self)

    @_functools.cached_property
    def broadcast_address(self):
        return self._address_class(int(self.network_address) | int(self.hostmask))

    @_functools.cached_property
    def hostmask(self):
        return self._address_class(int(self.netmask) ^ self._ALL_ONES)

    @property
    def with_prefixlen(self):
        return f'{self.network_address}/{self._prefixlen}'

    @property
    def with_netmask(self):
        return f'{self.network_address}/{self.netmask}'

    @property
    def with_hostmask(self):
        return f'{self.network_address}/{self.hostmask}'

    @property
    def num_addresses(self):
        return int(self.broadcast_address) - int(self.network_address) + 1

    @property
    def prefixlen(self):
        return self._prefixlen

    def address_exclude(self, other):
        """The networks that are left when another is taken out."""
        if self._version != other._version:
            raise TypeError(f'{self} and {other} are not of the same version')
        if not isinstance(other, _Network):
            raise TypeError(f'{other} is not a network object')
        if not other.subnet_of(self):
            raise ValueError(f'{other} not contained in {self}')
        if other == self:
            return
        left, right = self.subnets()
        while left != other and right != other:
            if other.subnet_of(left):
                yield right
                left, right = left.subnets()
            else:
                yield left
                left, right = right.subnets()
        yield right if left == other else left

    def compare_networks(self, other):
        if self._version != other._version:
            raise TypeError(f'{self} and {other} are not of the same type')
        one, two = self._get_networks_key(), other._get_networks_key()
        return -1 if one < two else 1 if one > two else 0

    def _get_networks_key(self):
        return self._version, self.network_address, self.netmask

    def subnets(self, prefixlen_diff=1, new_prefix=None):
        if self._prefixlen == self._max_prefixlen:
            yield self
            return
        if new_prefix is not None:
            if new_prefix < self._prefixlen:
                raise ValueError('new prefix must be longer')
            if prefixlen_diff != 1:
                raise ValueError('cannot set prefixlen_diff and new_prefix')
            prefixlen_diff = new_prefix - self._prefixlen
        if prefixlen_diff < 0:
            raise ValueError('prefix length diff must be > 0')
        prefix = self._prefixlen + prefixlen_diff
        if prefix > self._max_prefixlen:
            raise ValueError(f'prefix length diff {prefix} is invalid for netblock {self}')
        step = (int(self.hostmask) + 1) >> prefixlen_diff
        number, end = int(self.network_address), int(self.broadcast_address)
        while number <= end:
            yield type(self)((number, prefix))
            number += step

    def supernet(self, prefixlen_diff=1, new_prefix=None):
        if self._prefixlen == 0:
            return self
        if new_prefix is not None:
            if new_prefix > self._prefixlen:
                raise ValueError('new prefix must be shorter')
            if prefixlen_diff != 1:
                raise ValueError('cannot set prefixlen_diff and new_prefix')
            prefixlen_diff = self._prefixlen - new_prefix
        prefix = self.prefixlen - prefixlen_diff
        if prefix < 0:
            raise ValueError(f'current prefixlen is {self.prefixlen}, cannot have a prefixlen_diff of {prefixlen_diff}')
        return type(self)((int(self.network_address) & (int(self.netmask) << prefixlen_diff), prefix))

    def _is_subnet_of(self, a, b):
        if a._version != b._version:
            raise TypeError(f'{a} and {b} are not of the same version')
        return b.network_address <= a.network_address and b.broadcast_address >= a.broadcast_address

    def subnet_of(self, other):
        return self._is_subnet_of(self, other)

    def supernet_of(self, other):
        return self._is_subnet_of(other, self)

    def _explode_shorthand_ip_string(self):
        return f'{self.network_address.exploded}/{self._prefixlen}'

    def _both(self, name):
        return getattr(self.network_address, name) and getattr(self.broadcast_address, name)

    is_multicast = property(lambda self: self._both('is_multicast'))
    is_reserved = property(lambda self: self._both('is_reserved'))
    is_link_local = property(lambda self: self._both('is_link_local'))
    is_unspecified = property(lambda self: self._both('is_unspecified'))
    is_loopback = property(lambda self: self._both('is_loopback'))

    @property
    def is_private(self):
        networks = self._constants()._private_networks
        return any([self.network_address in net and self.broadcast_address in net for net in networks])

    @property
    def is_global(self):
        return not self.is_private


class _V4:
    __slots__ = ()
    _version = 4
    _ALL_ONES = (1 << 32) - 1
    _max_prefixlen = 32
    _netmask_cache = {}

    def _explode_shorthand_ip_string(self):
        return str(self)

    @classmethod
    def _prefix_from_text(cls, text):
        try:
            return cls._prefix_from_prefix_string(text)
        except NetmaskValueError:
            return cls._prefix_from_ip_string(text)

    @classmethod
    def _ip_int_from_string(cls, text):
        if not text:
            raise AddressValueError('Address cannot be empty')
        octets = text.split('.')
        if len(octets) != 4:
            raise AddressValueError(f'Expected 4 octets in {text!r}')
        try:
            return int.from_bytes([cls._parse_octet(octet) for octet in octets], 'big')
        except ValueError as error:
            raise AddressValueError(f'{error} in {text!r}') from None

    @classmethod
    def _parse_octet(cls, text):
        if not text:
            raise ValueError('Empty octet not permitted')
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f'Only decimal digits permitted in {text!r}')
        if len(text) > 3:
            raise ValueError(f'At most 3 characters permitted in {text!r}')
        if text != '0' and text[0] == '0':
            raise ValueError(f'Leading zeros are not permitted in {text!r}')
        number = int(text, 10)
        if number > 255:
            raise ValueError(f'Octet {number} (> 255) not permitted')
        return number

    @classmethod
    def _string_from_ip_int(cls, number):
        return '.'.join(map(str, number.to_bytes(4, 'big')))

    def _reverse_pointer(self):
        return '.'.join(str(self).split('.')[::-1]) + '.in-addr.arpa'

    @staticmethod
    def _constants():
        return _IPv4Constants


class IPv4Address(_V4, _Address):
    __slots__ = ('_ip', '__weakref__')

    @property
    def is_reserved(self):
        return self in _IPv4Constants._reserved_network

    @property
    def is_private(self):
        return any([self in net for net in _IPv4Constants._private_networks])

    @property
    def is_global(self):
        return self not in _IPv4Constants._public_network and not self.is_private

    @property
    def is_multicast(self):
        return self in _IPv4Constants._multicast_network

    @property
    def is_unspecified(self):
        return self._ip == 0

    @property
    def is_loopback(self):
        return self in _IPv4Constants._loopback_network

    @property
    def is_link_local(self):
        return self in _IPv4Constants._linklocal_network


class _Interface:
    """What an address with its network has beside both."""

    __slots__ = ()

    def __init__(self, address):
        address, mask = self._split_addr_prefix(address)
        self._base.__init__(self, address)
        self.network = self._network_class((address, mask), strict=False)
        self.netmask = self.network.netmask
        self._prefixlen = self.network._prefixlen

    @_functools.cached_property
    def hostmask(self):
        return self.network.hostmask

    def __str__(self):
        return f'{self._string_from_ip_int(self._ip)}/{self._prefixlen}'

    def __eq__(self, other):
        equal = self._base.__eq__(self, other)
        if equal is NotImplemented or not equal:
            return equal
        try:
            return self.network == other.network
        except AttributeError:
            return False

    def __lt__(self, other):
        less = self._base.__lt__(self, other)
        if less is NotImplemented:
            return NotImplemented
        try:
            return self.network < other.network or self.network == other.network and less
        except AttributeError:
            return False

    def __hash__(self):
        return hash((self._ip, self._prefixlen, int(self.network.network_address)))

    def __reduce__(self):
        return type(self), (str(self),)

    @property
    def ip(self):
        return self._base(self._ip)

    @property
    def with_prefixlen(self):
        return f'{self._string_from_ip_int(self._ip)}/{self._prefixlen}'

    @property
    def with_netmask(self):
        return f'{self._string_from_ip_int(self._ip)}/{self.netmask}'

    @property
    def with_hostmask(self):
        return f'{self._string_from_ip_int(self._ip)}/{self.hostmask}'


class IPv4Network(_V4, _Network):
    _address_class = IPv4Address

    @property
    def is_global(self):
        shared = _IPv4Constants._public_network
        return not (self.network_address in shared and self.broadcast_address in shared) and not self.is_private


class IPv4Interface(_Interface, IPv4Address):
    _base = IPv4Address
    _network_class = IPv4Network


class _V6:
    __slots__ = ()
    _version = 6
    _ALL_ONES = (1 << 128) - 1
    _max_prefixlen = 128
    _netmask_cache = {}

    @classmethod
    def _prefix_from_text(cls, text):
        return cls._prefix_from_prefix_string(text)

    @classmethod
    def _ip_int_from_string(cls, text):
        if not text:
            raise AddressValueError('Address cannot be empty')
        parts = text.split(':')
        if len(parts) < 3:
            raise AddressValueError(f'At least 3 parts expected in {text!r}')
        if '.' in parts[-1]:
            try:
                old = IPv4Address(parts.pop())._ip
            except AddressValueError as error:
                raise AddressValueError(f'{error} in {text!r}') from None
            parts += [f'{old >> 16 & 0xffff:x}', f'{old & 0xffff:x}']
        if len(parts) > 9:
            raise AddressValueError(f'At most 8 colons permitted in {text!r}')
        gap = None
        for at in range(1, len(parts) - 1):
            if not parts[at]:
                if gap is not None:
                    raise AddressValueError(f"At most one '::' permitted in {text!r}")
                gap = at
        if gap is not None:
            before, after = gap, len(parts) - gap - 1
            if not parts[0]:
                before -= 1
                if before:
                    raise AddressValueError(f"Leading ':' only permitted as part of '::' in {text!r}")
            if not parts[-1]:
                after -= 1
                if after:
                    raise AddressValueError(f"Trailing ':' only permitted as part of '::' in {text!r}")
            skipped = 8 - (before + after)
            if skipped < 1:
                raise AddressValueError(f"Expected at most 7 other parts with '::' in {text!r}")
        else:
            if len(parts) != 8:
                raise AddressValueError(f"Exactly 8 parts expected without '::' in {text!r}")
            if not parts[0]:
                raise AddressValueError(f"Leading ':' only permitted as part of '::' in {text!r}")
            if not parts[-1]:
                raise AddressValueError(f"Trailing ':' only permitted as part of '::' in {text!r}")
            before, after, skipped = 8, 0, 0
        try:
            number = 0
            for part in parts[:before] if gap is None or parts[0] else parts[1:1 + before]:
                number = number << 16 | cls._parse_hextet(part)
            number <<= 16 * skipped
            for part in (parts[len(parts) - after:] if parts[-1] else parts[len(parts) - 1 - after:-1]) if after else ():
                number = number << 16 | cls._parse_hextet(part)
            return number
        except ValueError as error:
            raise AddressValueError(f'{error} in {text!r}') from None

    @classmethod
    def _parse_hextet(cls, text):
        if not text or text.strip('0123456789abcdefABCDEF'):
            raise ValueError(f'Only hex digits permitted in {text!r}')
        if len(text) > 4:
            raise ValueError(f'At most 4 characters permitted in {text!r}')
        return int(text, 16)

    @classmethod
    def _string_from_ip_int(cls, number=None):
        if number > cls._ALL_ONES:
            raise ValueError('IPv6 address is too large')
        digits = f'{number:032x}'
        parts = [f'{int(digits[at:at + 4], 16):x}' for at in range(0, 32, 4)]
        # The longest run of zeros, the first of them, becomes two colons.
        best = size = 0
        at = 0
        while at < 8:
            end = at
            while end < 8 and parts[end] == '0':
                end += 1
            if end - at > size:
                best, size = at, end - at
            at = max(end, at + 1)
        if size > 1:
            parts = [''] * (best == 0) + parts[:best] + [''] + parts[best + size:] + [''] * (best + size == 8)
        return ':'.join(parts)

    def _explode_shorthand_ip_string(self):
        digits = f'{self._ip:032x}'
        text = ':'.join([digits[at:at + 4] for at in range(0, 32, 4)])
        return f'{text}/{self._prefixlen}' if hasattr(self, '_prefixlen') else text

    def _reverse_pointer(self):
        return '.'.join(IPv6Address(self._ip).exploded[::-1].replace(':', '')) + '.ip6.arpa'

    @staticmethod
    def _split_scope_id(text):
        address, percent, scope = text.partition('%')
        if not percent:
            return address, None
        if not scope or '%' in scope:
            raise AddressValueError(f'Invalid IPv6 address: "{text!r}"')
        return address, scope

    @staticmethod
    def _constants():
        return _IPv6Constants


class IPv6Address(_V6, _Address):
    __slots__ = ('_ip', '_scope_id', '__weakref__')

    def __init__(self, address):
        self._scope_id = None
        super().__init__(address)

    def _without_scope(self, text):
        text, self._scope_id = self._split_scope_id(text)
        return text

    def __str__(self):
        text = super().__str__()
        return f'{text}%{self._scope_id}' if self._scope_id else text

    def __hash__(self):
        return hash((self._ip, self._scope_id))

    def __eq__(self, other):
        equal = super().__eq__(other)
        if equal is NotImplemented:
            return NotImplemented
        return equal and self._scope_id == getattr(other, '_scope_id', None)

    def __reduce__(self):
        return type(self), (str(self),)

    @property
    def scope_id(self):
        return self._scope_id

    def _mapped(self, name, usual):
        mapped = self.ipv4_mapped
        return getattr(mapped, name) if mapped is not None else usual()

    @property
    def is_multicast(self):
        return self in _IPv6Constants._multicast_network

    @property
    def is_reserved(self):
        return any([self in net for net in _IPv6Constants._reserved_networks])

    @property
    def is_link_local(self):
        return self in _IPv6Constants._linklocal_network

    @property
    def is_site_local(self):
        return self in _IPv6Constants._sitelocal_network

    @property
    def is_private(self):
        return self._mapped('is_private', lambda: any([self in net for net in _IPv6Constants._private_networks]))

    @property
    def is_global(self):
        return not self.is_private

    @property
    def is_unspecified(self):
        return self._ip == 0

    @property
    def is_loopback(self):
        return self._ip == 1

    @property
    def ipv4_mapped(self):
        return IPv4Address(self._ip & 0xffffffff) if self._ip >> 32 == 0xffff else None

    @property
    def teredo(self):
        if self._ip >> 96 != 0x20010000:
            return None
        return IPv4Address(self._ip >> 64 & 0xffffffff), IPv4Address(~self._ip & 0xffffffff)

    @property
    def sixtofour(self):
        return IPv4Address(self._ip >> 80 & 0xffffffff) if self._ip >> 112 == 0x2002 else None


class IPv6Network(_V6, _Network):
    _address_class = IPv6Address

    def hosts(self):
        network, broadcast = int(self.network_address), int(self.broadcast_address)
        yield from self._each(network + 1, broadcast + 1)

    def _explode_shorthand_ip_string(self):
        return f'{self.network_address.exploded}/{self._prefixlen}'

    is_site_local = property(lambda self: self._both('is_site_local'))


class IPv6Interface(_Interface, IPv6Address):
    _base = IPv6Address
    _network_class = IPv6Network

    def __str__(self):
        return f'{IPv6Address.__str__(self)}/{self._prefixlen}'

    @property
    def is_unspecified(self):
        return self._ip == 0 and self.network.is_unspecified

    @property
    def is_loopback(self):
        return self._ip == 1 and self.network.is_loopback


class _IPv4Constants:
    _linklocal_network = IPv4Network('169.254.0.0/16')
    _loopback_network = IPv4Network('127.0.0.0/8')
    _multicast_network = IPv4Network('224.0.0.0/4')
    _public_network = IPv4Network('100.64.0.0/10')
    _private_networks = [IPv4Network(text) for text in (
        '0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/29 192.0.0.170/31 192.0.2.0/24 '
        '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32').split()]
    _reserved_network = IPv4Network('240.0.0.0/4')
    _unspecified_address = IPv4Address('0.0.0.0')


class _IPv6Constants:
    _linklocal_network = IPv6Network('fe80::/10')
    _multicast_network = IPv6Network('ff00::/8')
    _private_networks = [IPv6Network(text) for text in (
        '::1/128 ::/128 ::ffff:0:0/96 100::/64 2001::/23 2001:2::/48 2001:db8::/32 2001:10::/28 fc00::/7 '
        'fe80::/10').split()]
    _reserved_networks = [IPv6Network(text) for text in (
        '::/8 100::/8 200::/7 400::/6 800::/5 1000::/4 4000::/3 6000::/3 8000::/3 A000::/3 C000::/3 E000::/4 F000::/5 '
        'F800::/6 FE00::/9').split()]
    _sitelocal_network = IPv6Network('fec0::/10')
