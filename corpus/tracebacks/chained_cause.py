"""raise from: the direct cause is printed first."""


class ConfigError(Exception):
    pass


def load(table, key):
    try:
        return table[key]
    except KeyError as error:
        raise ConfigError(f"no setting {key}") from error


load({}, "colour")
