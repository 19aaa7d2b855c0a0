"""`python -m api.postman <directory>`: the collection and its environment, as files to commit."""

import sys
from pathlib import Path

from api.app import create_app
from api.postman.files import FILES
from gorax.settings import Settings


def main(directory: Path) -> None:
    """Write the files."""
    document = create_app(Settings()).openapi()
    directory.mkdir(exist_ok=True)
    for name, make in FILES.items():
        (directory / name).write_bytes(make(document))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
