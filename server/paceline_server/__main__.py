"""`python -m paceline_server` is `paceline-server`."""

import sys

from paceline_server.cli import main

sys.exit(main())
