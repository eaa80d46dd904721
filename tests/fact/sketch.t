#!/bin/sh
exec "$FF_SRCDIR/tests/lib/pg.sh" run "$FF_BUILDDIR/tests/fact/test_sketch"
