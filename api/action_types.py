"""`python -m api.action_types`: the action types with effects, as the command `gorax validate` brings them along."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from api.schemas.catalogue import action_type_view
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.actions.declaration import ActionType, EffectAction


def declared(types: Iterable[ActionType[Any]]) -> bytes:
    """What is told of them; the same bytes for the same types."""
    views = [action_type_view(one) for one in types if isinstance(one, EffectAction)]
    return json.dumps(views, ensure_ascii=False, indent=1).encode() + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(declared(full_catalogue()))
