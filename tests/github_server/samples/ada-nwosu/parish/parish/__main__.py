"""Reads a register from standard input and writes a table."""

import csv
import sys

from parish.dates import Unreadable, read

table = csv.writer(sys.stdout)
for line in sys.stdin:
    try:
        table.writerow([*read(line), line.strip()])
    except Unreadable:
        table.writerow(["", "", "", line.strip()])
