"""`python -m yiwang`, the same as the `yiwang` command."""

from yiwang.site.cli import main

main()
