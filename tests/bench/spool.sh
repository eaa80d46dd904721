#!/bin/bash
# Durable records a second against the size of a group, on the disk that holds the build.
echo "spool: durable records a second"
exec "$FF_BUILDDIR/tests/bench/bench_spool" "$FF_BUILDDIR"
