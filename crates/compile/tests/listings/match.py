def f(x):
    match x:
        case 0 | 1:
            return "small"
        case [a, *rest] if a:
            return rest
        case {"kind": "point", **others}:
            return others
        case Point(0, y=b):
            return b
        case (1, _) as pair:
            return pair
        case None:
            return None
        case _:
            return x
