"""`python -m gongkai` is the command `gongkai`."""

import os
import sys

# `python -m` puts the folder one stands in before all others: a file `json.py` there would be run in place of
# Python's own. Nothing of that folder is ever run; what was imported before this line, `python -P -m` keeps out.
if not sys.flags.safe_path and sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from gongkai.commands import main

# Children import this file under another name.
if __name__ == "__main__":
    sys.exit(main())
