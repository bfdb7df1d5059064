"""A server of the Model Context Protocol that is a program, for `emulant serve --program FILE`.

Each request of a client is the answer to an ask for the next one, and each line of output is what goes back. So
what clients did is a run like any other, and replays. What a client has to be asked is asked with `Server.ask`:
older clients answer in the middle of the call; for newer ones the call ends with the question, and they call again
with the answer: the function runs again from its start, with all answers that it has by then.
"""

import json
from emulant import tools

__all__ = ['ProtocolError', 'Server']

_CAPABILITIES = {'elicitation/create': 'elicitation', 'sampling/createMessage': 'sampling', 'roots/list': 'roots'}
_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']
_BLOCKS = ('text', 'image', 'audio', 'resource', 'resource_link')


class ProtocolError(Exception):
    """A request that is answered with an error of the protocol instead of a result."""

    def __init__(self, code, message, data=None):
        super().__init__(message)
        self.code, self.data = code, data


class _Needs(Exception):
    """The client must be asked first."""

    def __init__(self, requests):
        super().__init__('the client must be asked first')
        self.requests = requests


def _no_method(method):
    return ProtocolError(-32601, f'there is no method {method}')


class Server:
    """What is offered: functions, by decorators. `run` answers clients until the last has left."""

    def __init__(self):
        self._tools, self._resources, self._templates, self._prompts = {}, {}, {}, {}
        self._completion = None
        self._level = 'info'
        self._request = {}
        self._answers = {}
        self.subscribed = set()

    # ---- what is offered

    def tool(self, description, schema=None, name=None):
        """`@server.tool('what it does', {…JSON Schema of the arguments…})`"""
        def decorate(function):
            known = name or function.__name__
            about = {'name': known, 'description': description, 'inputSchema': schema or {'type': 'object'}}
            self._tools[known] = (about, function)
            return function
        return decorate

    def resource(self, uri, description, mime='text/plain', name=None):
        """`@server.resource('memo://today', 'a memo')` on a function that gives a text, or bytes in base64 as `{'blob': …}`."""
        def decorate(function):
            about = {'uri': uri, 'name': name or function.__name__, 'description': description, 'mimeType': mime}
            self._resources[uri] = (about, function)
            return function
        return decorate

    def template(self, uri, description, mime='text/plain', name=None):
        """As `resource`, for a family: `{name}` in the URI is an argument of the function."""
        def decorate(function):
            about = {'uriTemplate': uri, 'name': name or function.__name__, 'description': description, 'mimeType': mime}
            self._templates[uri] = (about, function)
            return function
        return decorate

    def prompt(self, description, arguments=(), name=None):
        """`@server.prompt('what for', ['needed', 'optional?'])` on a function that gives a text or a list of messages."""
        def decorate(function):
            known = name or function.__name__
            parts = [{'name': part.rstrip('?'), 'required': not part.endswith('?')} for part in arguments]
            self._prompts[known] = ({'name': known, 'description': description, 'arguments': parts}, function)
            return function
        return decorate

    def completion(self, function):
        """On a function of (reference, name of the argument, its beginning) that gives a list of texts."""
        self._completion = function
        return function

    # ---- while a request is answered

    @property
    def capabilities(self):
        """What the client of this request says it can do."""
        return self._request['client'].get('capabilities') or {}

    @property
    def is_stateless(self):
        """Does this request stand alone (2026-07-28), or belong to a session that began with `initialize`?"""
        return self._request['client'].get('protocol', '') >= '2026-07-28'

    def can(self, *capabilities):
        """An error of the protocol when the client has not declared one of these."""
        missing = [name for name in capabilities if name not in self.capabilities]
        if missing:
            needed = {'requiredCapabilities': {name: {} for name in missing}}
            raise ProtocolError(-32021, f'the client does not declare {", ".join(missing)}', needed)

    def ask(self, **requests):
        """The client's answers to requests `name={'method': …, 'params': …}`, by name."""
        self.can(*[_CAPABILITIES[request['method']] for request in requests.values()])
        missing = {name: request for name, request in requests.items() if name not in self._answers}
        if missing and self.is_stateless:
            raise _Needs(missing)
        for name, request in missing.items():
            print(json.dumps({'ask': request}))
            answer = tools.next_call()
            if 'error' in answer:
                raise RuntimeError(answer['error'])
            self._answers[name] = answer['response']
        return {name: self._answers[name] for name in requests}

    def progress(self, done, total=None, message=None):
        """Tells the client how far the request is, if it wants to know."""
        token = (self._request['params'].get('_meta') or {}).get('progressToken')
        if token is not None:
            params = {'progressToken': token, 'progress': done, 'total': total, 'message': message}
            self._notify('notifications/progress', {key: value for key, value in params.items() if value is not None})

    def log(self, data, level='info', logger=None):
        """Tells the client something, if it wants to hear of that level."""
        wanted = self._level
        if self.is_stateless:
            wanted = (self._request['params'].get('_meta') or {}).get('io.modelcontextprotocol/logLevel')
        if wanted in _LEVELS and _LEVELS.index(level) >= _LEVELS.index(wanted):
            params = {'level': level, 'data': data, 'logger': logger}
            self._notify('notifications/message', {key: value for key, value in params.items() if value is not None})

    def _notify(self, method, params):
        print(json.dumps({'notify': {'method': method, 'params': params}}))

    # ---- the loop

    def run(self):
        """Answers requests until the last client has left."""
        while True:
            try:
                self._request = tools.next_call()
            except Exception:
                return
            print(json.dumps(self._reply(self._request['method'], self._request['params'])))

    def _reply(self, method, params):
        self._answers = {}
        try:
            if params.get('requestState') is not None:
                self._answers.update(json.loads(params['requestState']))
            responses = params.get('inputResponses') or {}
            self._answers.update({name: answer for name, answer in responses.items() if isinstance(answer, dict)})
            return {'result': self._result(method, params)}
        except _Needs as needs:
            kept = json.dumps({name: answer for name, answer in self._answers.items() if name not in needs.requests})
            return {'result': {'resultType': 'input_required', 'inputRequests': needs.requests, 'requestState': kept}}
        except ProtocolError as error:
            return {'error': {'code': error.code, 'message': str(error), 'data': error.data}}
        except Exception as error:
            return {'error': {'code': -32603, 'message': f'{type(error).__name__}: {error}', 'data': None}}

    def _result(self, method, params):
        match method:
            case 'describe':
                return {'resources': bool(self._resources or self._templates), 'prompts': bool(self._prompts),
                        'completions': self._completion is not None}
            case 'tools/list':
                return {'tools': [about for about, _ in self._tools.values()]}
            case 'tools/call':
                return self._call(params)
            case 'resources/list':
                return {'resources': [about for about, _ in self._resources.values()]}
            case 'resources/templates/list':
                return {'resourceTemplates': [about for about, _ in self._templates.values()]}
            case 'resources/read':
                return {'contents': [self._read(params['uri'])]}
            case 'resources/subscribe':
                self.subscribed.add(params['uri'])
                return {}
            case 'resources/unsubscribe':
                self.subscribed.discard(params['uri'])
                return {}
            case 'prompts/list':
                return {'prompts': [about for about, _ in self._prompts.values()]}
            case 'prompts/get':
                return self._prompt(params)
            case 'completion/complete':
                return self._complete(params)
            case 'logging/setLevel':
                self._level = params['level']
                return {}
        raise _no_method(method)

    def _call(self, params):
        if params['name'] not in self._tools:
            raise ProtocolError(-32602, f"there is no tool {params['name']}")
        _, function = self._tools[params['name']]
        try:
            value = function(**(params.get('arguments') or {}))
        except (_Needs, ProtocolError):
            raise
        except Exception as error:
            return {'content': [{'type': 'text', 'text': str(error) or type(error).__name__}], 'isError': True}
        if isinstance(value, dict) and value.get('type') not in _BLOCKS:
            return {'content': [{'type': 'text', 'text': json.dumps(value)}], 'structuredContent': value}
        blocks = value if isinstance(value, list) else [] if value is None else [value]
        return {'content': [block if isinstance(block, dict) else {'type': 'text', 'text': str(block)} for block in blocks]}

    def _read(self, uri):
        about, function, arguments = self._find(uri)
        value = function(**arguments)
        content = value if isinstance(value, dict) else {'text': value}
        return {'uri': uri, 'mimeType': about['mimeType'], **content}

    def _find(self, uri):
        if uri in self._resources:
            return (*self._resources[uri], {})
        for pattern, (about, function) in self._templates.items():
            before, _, rest = pattern.partition('{')
            name, _, after = rest.partition('}')
            middle = uri[len(before):len(uri) - len(after)]
            if uri.startswith(before) and uri.endswith(after) and middle and '/' not in middle:
                return about, function, {name: middle}
        raise ProtocolError(-32002, 'there is no such resource', {'uri': uri})

    def _prompt(self, params):
        if params['name'] not in self._prompts:
            raise ProtocolError(-32602, f"there is no prompt {params['name']}")
        about, function = self._prompts[params['name']]
        value = function(**(params.get('arguments') or {}))
        messages = value if isinstance(value, list) else [value]
        wrap = lambda content: {'role': 'user', 'content': {'type': 'text', 'text': content} if isinstance(content, str) else content}
        return {'description': about['description'], 'messages': [wrap(message) for message in messages]}

    def _complete(self, params):
        if self._completion is None:
            raise _no_method('completion/complete')
        values = self._completion(params['ref'], params['argument']['name'], params['argument']['value'])
        return {'completion': {'values': values[:100], 'total': len(values), 'hasMore': len(values) > 100}}
