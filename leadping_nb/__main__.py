"""``python -m leadping_nb``: the command line, where the command itself is not on the path."""

from leadping_nb.cli import main

raise SystemExit(main())
