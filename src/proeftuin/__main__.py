"""`python -m proeftuin`: the command."""

import sys

from proeftuin.cli import main

sys.exit(main())
