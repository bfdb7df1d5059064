"""What `json` writes with."""

from json import JSONEncoder
