"""The outline of each kind of block, as SVG."""

from gorax.core.diagram.chart import Shape

_SIDE = 6


def outline_of(shape: Shape, x: float, y: float, width: float, height: float) -> str:
    """The outline; fill and stroke come from what is around it."""
    match shape:
        case "choice":
            return _pointed(x, y, width, height, point=18)
        case "loop":
            # Another one behind it: there may be many of them.
            return _rectangle(x + 4, y + 4, width, height, 6) + _rectangle(x, y, width, height, 6)
        case "fork":
            sides = "".join(
                f'<path d="M{number(at)} {number(y)} V{number(y + height)}"/>'
                for at in (x + _SIDE, x + width - _SIDE)
            )
            return _rectangle(x, y, width, height, 2) + sides
        case "end":
            inner = _rectangle(x + 3, y + 3, width - 6, height - 6, height / 2 - 3)
            return _rectangle(x, y, width, height, height / 2) + inner
        case "wait":
            return _rectangle(x, y, width, height, height / 2)
        case "pure":
            return _rectangle(x, y, width, height, 9)
        case _:
            return _rectangle(x, y, width, height, 3)


def _rectangle(x: float, y: float, width: float, height: float, radius: float) -> str:
    size = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {size} rx="{number(radius)}"/>'


def _pointed(x: float, y: float, width: float, height: float, point: float) -> str:
    middle, right, bottom = y + height / 2, x + width, y + height
    corners = [
        (x, middle),
        (x + point, y),
        (right - point, y),
        (right, middle),
        (right - point, bottom),
        (x + point, bottom),
    ]
    points = " ".join(f"{number(across)},{number(down)}" for across, down in corners)
    return f'<polygon points="{points}"/>'


def number(value: float) -> str:
    """A length, told to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
