"""`python -m gorax.cli`, and the command `gorax`."""

import sys

_PACKAGES = frozenset({"google", "orjson", "re2", "rich", "typer", "yaml"})
"""What the extra `cli` brings."""


def main() -> int:
    """Run the command; the exit code."""
    try:
        from gorax.cli.app import app
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        sys.stderr.write(
            f"gorax: {error.name} is missing; install the command with: pip install 'gorax[cli]'\n"
        )
        return 2
    app()
    return 0


if __name__ == "__main__":
    sys.exit(main())
