"""`python -m paceline_tools.flashing`: the same as `paceline-wearable`."""

from paceline_tools.flashing.cli import main

raise SystemExit(main())
