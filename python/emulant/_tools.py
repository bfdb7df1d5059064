"""Python functions as tools: what they are called with is taken from their signature."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union

from ._errors import UsageError

_PLAIN = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    None: {"type": "null"},
    type(None): {"type": "null"},
}


class Tool:
    """A function that programs may call, and what the gate has to know about it.

    acts
        Does it change anything outside? Acting tools are refused unless granted; by default a tool acts.
    critical
        Arguments that a person has to confirm when they derive from what a tool or a model answered; by
        default all of an acting tool.
    origin
        Whose words it returns, for the sentence that a person reads ("third party").

    >>> import emulant
    >>> def add(a: int, b: int = 1) -> int:
    ...     "The sum."
    ...     return a + b
    >>> tool = emulant.Tool(add, acts=False)
    >>> tool.input_schema["properties"]
    {'a': {'type': 'integer'}, 'b': {'type': 'integer'}}
    >>> tool.input_schema["required"]
    ['a']
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        acts: bool = True,
        critical: Sequence[str] | None = None,
        origin: str = "",
        description: str | None = None,
        input_schema: Mapping[str, Any] | None = None,
        output_schema: Mapping[str, Any] | None = None,
    ) -> None:
        self.function = function
        self.acts = acts
        self.critical = None if critical is None else list(critical)
        self.origin = origin
        self.description = inspect.getdoc(function) or "" if description is None else description
        self.input_schema = _parameters(function) if input_schema is None else dict(input_schema)
        self.output_schema = None if output_schema is None else dict(output_schema)

    def _declaration(self, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "description": self.description,
            "acts": self.acts,
            "critical": self.critical,
            "origin": self.origin,
            "input_schema": self.input_schema,
            "output_schema": self.output_schema,
        }


Tools = Mapping[str, Union[Callable[..., Any], Tool]]


def declared(tools: Tools | None) -> dict[str, Any]:
    """Declarations as JSON, and the functions by name."""
    declarations = []
    functions = {}
    for name, tool in (tools or {}).items():
        if not isinstance(name, str) or not name.isidentifier():
            raise UsageError(f"{name!r} is no name that a program can call")
        if not isinstance(tool, Tool):
            if not callable(tool):
                raise UsageError(f"tool {name!r} is no function")
            tool = Tool(tool)
        if inspect.iscoroutinefunction(tool.function):
            raise UsageError(f"tool {name!r} is asynchronous: give a function that returns its result")
        declarations.append(tool._declaration(name))
        functions[name] = tool.function
    return {"declarations": json.dumps(declarations), "functions": functions}


def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return {"type": "object"}
    try:
        hints = typing.get_type_hints(function)
    except Exception:  # A name in an annotation that is not there at run time says nothing about the type.
        hints = {}
    properties: dict[str, Any] = {}
    required = []
    more = False
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            more = True
        elif parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise UsageError(f"{function!r}: arguments of a tool have names, {name!r} has none; give input_schema=")
        else:
            properties[name] = schema(hints.get(name, Any))
            if parameter.default is parameter.empty:
                required.append(name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": more}


def schema(annotation: Any) -> dict[str, Any]:
    """The JSON Schema of a type; what says nothing about JSON allows everything.

    >>> schema(list[int])
    {'type': 'array', 'items': {'type': 'integer'}}
    >>> schema(str | None)
    {'anyOf': [{'type': 'string'}, {'type': 'null'}]}
    """
    if isinstance(annotation, type) or annotation is None:
        if annotation in _PLAIN:
            return dict(_PLAIN[annotation])
        if dataclasses.is_dataclass(annotation):
            return _dataclass(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema(argument) for argument in arguments]}
    if origin is list or annotation is list:
        return {"type": "array", "items": schema(arguments[0])} if arguments else {"type": "array"}
    if origin is dict or annotation is dict:
        more = schema(arguments[1]) if len(arguments) == 2 else {}
        return {"type": "object", "additionalProperties": more} if more else {"type": "object"}
    if origin is typing.Annotated:
        return schema(arguments[0])
    return {}


def _dataclass(annotation: Any) -> dict[str, Any]:
    fields = dataclasses.fields(annotation)
    try:
        hints = typing.get_type_hints(annotation)
    except Exception:
        hints = {}
    optional = {f.name for f in fields if f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING}
    properties = {field.name: schema(hints.get(field.name, Any)) for field in fields}
    return {"type": "object", "properties": properties, "required": [f.name for f in fields if f.name not in optional]}
