"""``python -m leadping_nb.cli``, where the command is not on the path."""

from leadping_nb.cli import main

raise SystemExit(main())
