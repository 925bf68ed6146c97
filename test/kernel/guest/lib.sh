# What the scripts of the tests are made of. The current folder is tracefs.

# A section of what the test reads: a name, and all that follows up to the next.
section() {
	echo "@@ $*"
}

# The same of something long, packed.
packed() {
	section "$1 packed"
	gzip -c | base64
}

# Trace events of a monitor, on or off.
events() {
	for kind in event error error_env; do
		if [ -d "events/rv/${kind}_$1" ]; then echo "$2" > "events/rv/${kind}_$1/enable"; fi
	done
}

# A line for each event: CPU, event, text.
lines() {
	sed -n -E 's/^.* \[0*([0-9]+)\] [^ ]+ +[0-9.]+: ((event|error|error_env)_[a-z0-9_]+): /\1 \2 /p' trace
}

# Events that the ring buffer had no room for.
lost() {
	cat per_cpu/cpu*/stats | awk '/^overrun|^dropped/ { n += $2 } END { print n + 0 }'
}

# Enables monitors (as enabled_monitors names them) with their events, all from the same moment on.
begin() {
	echo 0 > tracing_on
	echo 0 > rv/monitoring_on
	echo > trace
	for monitor in "$@"; do
		echo "$monitor" >> rv/enabled_monitors 2> /dev/null || section "cannot-enable $monitor"
		events "${monitor#*:}" 1
	done
	echo 1 > tracing_on
	echo 1 > rv/monitoring_on
}

end() {
	echo 0 > tracing_on
	for monitor in "$@"; do
		echo "!$monitor" >> rv/enabled_monitors
		events "${monitor#*:}" 0
	done
}
