"""Tools that a model plays: typed stubs from a toolkit, exceptions as real classes, a world as data.

A toolkit is data in ToolEmu's form (`tools` with `parameters`, `returns`, `exceptions`), or a list of tools as MCP
lists them (`inputSchema`, `outputSchema`). Nothing acts: each call is a hole whose answer is a result, one of the
declared exceptions, and what changed in the world.
"""

import _emulant
from _holes import TRIES_MAX, plain, _text

ToolError = _emulant.ToolError

_EARLIER_MAX = 5
_TYPES = {
    'string': {'type': 'str', 'max': 400}, 'integer': {'type': 'int'}, 'number': {'type': 'float'}, 'boolean': {'type': 'bool'},
    'array': {'type': 'list', 'item': {'type': 'any'}}, 'object': {'type': 'dict', 'value': {'type': 'any'}}, 'null': {'type': 'none'},
}
_CHECKS = {'string': (str,), 'integer': (int,), 'number': (int, float), 'boolean': (bool,), 'array': (list, tuple), 'object': (dict,)}
_OPERATIONS = ('set', 'append', 'remove')


class Observation:
    """A result with several parts: each is an attribute, and an item."""

    def __init__(self, parts):
        self.__dict__.update(parts)

    def __getitem__(self, name):
        return self.__dict__[name]

    def __contains__(self, name):
        return name in self.__dict__

    def __iter__(self):
        return iter(self.__dict__)

    def __len__(self):
        return len(self.__dict__)

    def __eq__(self, other):
        return plain(self) == plain(other)

    def __repr__(self):
        return 'Observation(' + ', '.join([f'{name}={value!r}' for name, value in self.__dict__.items()]) + ')'


def _seen(value):
    if isinstance(value, dict):
        return Observation({name: _seen(part) for name, part in value.items()})
    if isinstance(value, list):
        return [_seen(part) for part in value]
    return value


class Emulated:
    """A toolkit whose calls a model answers: `Emulated(toolkit, world={...}, adversary='...')`."""

    def __init__(self, toolkit, world=None, adversary=None):
        if isinstance(toolkit, str):
            toolkit = _named(toolkit)
        if isinstance(toolkit, list):
            toolkit = {'toolkit': 'tools', 'tools': toolkit}
        self.name = toolkit.get('toolkit') or toolkit.get('name') or 'toolkit'
        self.world = world if world is not None else {}
        self.adversary = adversary
        self.effects = []
        self.tools = {}
        self.exceptions = {}
        for tool in toolkit['tools']:
            declared = _declared(tool)
            self.tools[declared['name']] = declared
            for name in declared['exceptions']:
                if name not in self.exceptions:
                    self.exceptions[name] = type(name, (ToolError,), {'__doc__': declared['exceptions'][name], '__module__': '__main__'})
        for name, kind in self.exceptions.items():
            setattr(self, name, kind)
        for name in self.tools:
            setattr(self, name, _Tool(self, name))

    def __repr__(self):
        return f'<emulated {self.name}: {len(self.tools)} tools>'


class _Tool:
    def __init__(self, kit, name):
        self._kit = kit
        self._declared = kit.tools[name]
        self.__name__ = name
        self.__doc__ = self._declared['doc']

    def __call__(self, *args, **kwargs):
        return _call(self._kit, self._declared, _bound(self._declared, args, kwargs))

    def __repr__(self):
        return f'<emulated tool {self._kit.name}.{self.__name__}>'


def _named(name):
    import json
    for toolkit in json.loads(_emulant.setting('toolkits') or '[]'):
        if name in (toolkit.get('toolkit'), toolkit.get('name')):
            return toolkit
    raise LookupError(f'no toolkit is called {name!r} (--toolkits FILE)')


def _declared(tool):
    if 'parameters' not in tool or isinstance(tool.get('parameters'), dict):
        return _declared_mcp(tool)
    return {
        'name': tool['name'], 'doc': tool.get('summary', ''),
        'parameters': [(p['name'], p.get('type', 'string'), bool(p.get('required', True))) for p in tool['parameters']],
        'returns': [(r['name'], _text(_TYPES.get(r.get('type'), {'type': 'any'}))) for r in tool.get('returns', [])],
        'exceptions': {e['name']: e.get('description', '') for e in tool.get('exceptions', [])},
        'single': len(tool.get('returns', [])) == 1,
    }


def _declared_mcp(tool):
    schema = tool.get('inputSchema') or tool.get('input_schema') or tool.get('parameters') or {}
    needed = schema.get('required', [])
    parameters = []
    for name, part in schema.get('properties', {}).items():
        kind = part.get('type', 'any')
        parameters.append((name, kind if isinstance(kind, str) else 'any', name in needed))
    result = tool.get('outputSchema') or tool.get('output_schema')
    shape = _emulant.shape_of_schema(_text(result)) if result else _text({'type': 'str'})
    return {'name': tool['name'], 'doc': tool.get('description', ''), 'parameters': parameters, 'returns': [('result', shape)],
            'exceptions': {}, 'single': True}


def _bound(declared, args, kwargs):
    name, parameters = declared['name'], declared['parameters']
    if len(args) > len(parameters):
        raise TypeError(f'{name}() takes at most {len(parameters)} positional arguments ({len(args)} given)')
    given = {parameter[0]: value for parameter, value in zip(parameters, args)}
    for key, value in kwargs.items():
        if key in given:
            raise TypeError(f'{name}() got multiple values for argument {key!r}')
        if key not in [parameter[0] for parameter in parameters]:
            raise TypeError(f'{name}() got an unexpected keyword argument {key!r}')
        given[key] = value
    for key, kind, needed in parameters:
        if key not in given:
            if needed:
                raise TypeError(f'{name}() is missing the argument {key!r}')
            continue
        wanted = _CHECKS.get(kind)
        value = given[key]
        if wanted is not None and value is not None and (not isinstance(value, wanted) or type(value) is bool and bool not in wanted):
            raise TypeError(f'{name}(): {key} must be of type {kind}, not {type(value).__name__}')
    return given


def _shape(declared):
    import json
    record = lambda name, fields: {'type': 'record', 'record': 'typed_dict', 'name': name, 'fields': fields}
    field = lambda name, shape, required=True: {'name': name, 'shape': shape, 'required': required}
    change = record('Change', [field('op', {'type': 'literal', 'values': list(_OPERATIONS)}), field('path', {'type': 'str', 'max': 80}),
                               field('value', {'type': 'any'}, False)])
    returns = record('Returns', [field(name, json.loads(shape)) for name, shape in declared['returns']])
    changes = field('changes', {'type': 'list', 'item': change}, False)
    options = [record('Result', [field('returns', returns), changes])]
    if declared['exceptions']:
        options.append(record('Failure', [field('raise', {'type': 'literal', 'values': sorted(declared['exceptions'])}),
                                          field('message', {'type': 'str', 'max': 200})]))
    return _text({'type': 'union', 'options': options})


def _call(kit, declared, given):
    shown = {'arguments': plain(given), 'world': plain(kit.world), 'earlier': plain(kit.effects[-_EARLIER_MAX:])}
    if kit.adversary:
        shown['adversary'] = plain(kit.adversary)
    failures = [f'{name}: {doc}' for name, doc in declared['exceptions'].items()]
    instruction = declared['doc'] + ('\nMay raise ' + '; '.join(failures) if failures else '')
    signature = f'def {declared["name"]}(' + ', '.join([f'{name}: {kind}' for name, kind, _ in declared['parameters']]) + ')'
    tries = []
    while True:
        answer = _emulant.emulate('tool', f'{kit.name}.{declared["name"]}', signature, instruction, shown, _shape(declared), tries, '')
        if 'raise' in answer:
            kit.effects.append({'tool': declared['name'], 'arguments': given, 'raised': answer['raise'], 'changes': []})
            raise kit.exceptions[answer['raise']](answer['message'])
        why = _emulant.attempt(1000000)
        if why is None:
            try:
                for change in answer.get('changes', []):
                    _change(kit.world, change)
            except (LookupError, TypeError, ValueError) as error:
                _emulant.rollback(f'the changes of the world cannot be made: {error}')
            _emulant.commit()
            break
        tries.append((answer, why))
        if len(tries) == TRIES_MAX:
            # What a tool says stands even when its changes make no sense; the world stays as it was.
            kit.effects.append({'tool': declared['name'], 'arguments': given, 'returned': answer['returns'], 'changes': [], 'rejected': why})
            return _result(declared, answer)
    kit.effects.append({'tool': declared['name'], 'arguments': given, 'returned': answer['returns'], 'changes': answer.get('changes', [])})
    return _result(declared, answer)


def _result(declared, answer):
    if declared['single']:
        value = answer['returns'][declared['returns'][0][0]]
        return _seen(value) if isinstance(value, (dict, list)) else value
    return _seen(answer['returns'])


def _change(world, change):
    # `path` names keys and places from the world's root: `inbox.0.read`.
    parts = [part for part in change['path'].replace('[', '.').replace(']', '').split('.') if part]
    if not parts:
        raise ValueError('an empty path')
    here = world
    for part in parts[:-1]:
        if isinstance(here, dict) and part not in here and change['op'] == 'set':
            here[part] = {}
        here = here[int(part)] if isinstance(here, list) else here[part]
    last = parts[-1]
    if isinstance(here, list):
        last = int(last)
    elif not isinstance(here, dict):
        raise TypeError(f'{".".join(parts[:-1])} has no parts')
    if change['op'] == 'set':
        here[last] = change.get('value')
    elif change['op'] == 'append':
        if isinstance(here, dict) and last not in here:
            here[last] = []
        here[last].append(change.get('value'))
    elif isinstance(here, list):
        del here[last]
    else:
        del here[last]


class rehearse:
    """`with rehearse(kit, ...) as run:` collects what a plan did to emulated toolkits: `run.effects`, `run.violations`."""

    def __init__(self, *kits, seed=None, adversary=None, checks=()):
        self.kits = kits
        self.seed = seed
        self.checks = checks
        for kit in kits:
            if adversary is not None:
                kit.adversary = adversary

    def __enter__(self):
        self._before = [len(kit.effects) for kit in self.kits]
        return self

    def __exit__(self, *failure):
        return False

    @property
    def effects(self):
        found = []
        for kit, before in zip(self.kits, self._before):
            found.extend([{'toolkit': kit.name, **effect} for effect in kit.effects[before:]])
        return found

    @property
    def violations(self):
        """Effects that a check (a predicate over the effect) does not allow."""
        from _holes import judged
        found = []
        for effect in self.effects:
            for check in self.checks:
                why = judged(check, [effect])
                if why is not None:
                    found.append((effect, why))
        return found
