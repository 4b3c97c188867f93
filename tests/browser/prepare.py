"""Make cases in a running house and print their ids as JSON: all, or `unanswered` alone."""

from __future__ import annotations

import json
import sys


def main() -> None:
    from yiwang.site.cli import connected

    with connected():
        from tests.browser import making

        print(json.dumps(getattr(making, sys.argv[1])()))


if __name__ == "__main__":
    main()
