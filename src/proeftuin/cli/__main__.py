"""`python -m proeftuin.cli`."""

import sys

from proeftuin.cli import main

sys.exit(main())
