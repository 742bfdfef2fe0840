"""Train on pictures with the lungs shown or hidden."""

import sys

HIDDEN = "--hide-lungs" in sys.argv
