# One blocking file of a target to standard output, until standard input ends:
# a reader of trace_pipe that outlives its panel would steal lines for ever.
#
# The first line of input is MODE PATH, the path as .\0NNN... for printf %b.
# Output begins with "rvpanel-stream 1 SHELL READER", both pids, once the file is open.

LC_ALL=C
export LC_ALL
PATH=${PATH:-/bin}:/usr/bin:/bin:/usr/sbin:/sbin

IFS=' ' read -r mode path
path=$(printf %b "${path#.}")
exec 3<&0 < /dev/null

# The kernel log has no end to seek to here: its newest line tells old records from new ones.
newest=
[ "$mode" = kmsg ] && newest=$(dmesg 2> /dev/null | tail -n 1)
[ "$mode" = kmsg ] && IFS=' ' read -r uptime rest < /proc/uptime

# The file is opened before the first line is written, so that a refusal comes first.
sh -c '
  exec 5< "$2" || exit 1
  printf "rvpanel-stream 1 %s %s\n" "$1" "$$"
  [ "$3" = kmsg ] && printf "uptime %s\nnewest %s\n" "$4" "$5"
  exec cat <&5
' sh "$$" "$path" "$mode" "$uptime" "$newest" 3<&- &
reader=$!
(
  while read -r line; do :; done <&3
  kill "$reader"
) > /dev/null 2>&1 &
guard=$!
trap 'kill "$reader" "$guard" 2> /dev/null' EXIT
trap 'exit 0' HUP INT TERM
wait "$reader"
