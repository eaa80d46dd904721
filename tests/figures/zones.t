#!/bin/bash
# The calendar of every IANA zone against Python's zoneinfo, around each change of the clocks.
exec python3 "${FF_SRCDIR:-.}/tests/figures/zones.py" "${FF_BUILDDIR:-.}/tests/figures/zone_print"
