# clock.sh - another wall clock for the programs of a test; source it.
#
#   clock_begin DIR          programs started as "${CLOCKED[@]}" COMMAND... read the clock of DIR/clock
#   clock_set SECONDS        puts that clock off by so much, also for those who run (negative: into the past)
#   clock_at 'DATE'          as if it were then; anything date(1) reads, in UTC
#   clock_date FORMAT        what it shows

clock_begin() {
	CLOCK=$1/clock
	head -c 8 /dev/zero >"$CLOCK"
	clock_off=0
	CLOCKED=(env LD_PRELOAD="$(cd "${FF_BUILDDIR:?}" && pwd)/tests/fault/clock.so" FF_CLOCK="$CLOCK")
}
clock_set() {
	clock_off=$1
	python3 -c 'import struct, sys
with open(sys.argv[1], "r+b") as f: f.write(struct.pack("=q", int(sys.argv[2]) * 1000000))' "$CLOCK" "$1"
}
clock_at() { clock_set $(($(date -u -d "$1" +%s) - $(date +%s))); }
clock_date() { date -u -d "@$(($(date +%s) + clock_off))" "$1"; }
