"""Imported by every fork server first: what a worker leaves behind when it dies becomes a child of the server, where it is found."""

import warnings

from gongkai.run.child.processes import adopt_orphans

if adopt_orphans():
    # it waits for its own children, and wonders aloud at others
    warnings.filterwarnings("ignore", message="forkserver: waitpid")
