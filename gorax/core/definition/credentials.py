"""The credentials that a definition names, beside those that there are."""

from collections.abc import Mapping
from itertools import islice

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import EffectAction
from gorax.core.credentials import uses_in
from gorax.core.definition.model import Definition
from gorax.core.definition.problems import MAX_PROBLEMS, Problem, did_you_mean, quoted
from gorax.core.definition.walk import all_actions


def missing_credentials(
    definition: Definition, catalogue: Catalogue, known: Mapping[str, str]
) -> list[Problem]:
    """Where it names a credential that is not among the `known` ids and their names, `MAX_PROBLEMS` places at most.

    It may still be saved: whoever writes a definition need not be who holds the secret.
    """
    names = set(known.values())
    unknown = (
        Problem(
            pointer=f"{pointer}/config{use.pointer}",
            message=f"there is no credential {quoted(use.name)} yet{did_you_mean(use.name, names)}",
        )
        for pointer, action in all_actions(definition, catalogue)
        if isinstance(catalogue.get(action.type), EffectAction)
        for use in uses_in(action.config)
        if use.name not in names and use.name not in known
    )
    return list(islice(unknown, MAX_PROBLEMS))
