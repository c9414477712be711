"""Imported by the fork server: what reading takes is loaded once, for all children."""

import gc

from gongkai import extract, pipeline, startup_cache

pipeline.warm()
startup_cache.save()
extract.can_go_offline()  # asked by every child, and found out by starting a process
gc.freeze()  # what is loaded stays; no child need look through it for garbage
# A report is some thousand small objects that live until it is packed: looking for garbage among
# them at every 700th, as Python does by default, took a twentieth of the time of a PDF.
gc.set_threshold(20_000)
