"""Imported first by the fork server of a run: what it loads then takes the patterns and data that an earlier process kept."""

from gongkai import startup_cache

startup_cache.use()
