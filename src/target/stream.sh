# One blocking file of a target to standard output, until standard input ends:
# a reader of trace_pipe that outlives its panel would steal lines for ever.
#
# The first line of input is MODE PATH, the path as .\0NNN... for printf %b.
# Output begins with "rvpanel-stream 1 SHELL READER", both pids, once the file is open;
# in mode exec the path is a command line, which runs with its errors in the same stream;
# in a kernel log, whose own lines cannot look like it, such a line names each later reader.

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

# Opened before the first line is written: a refusal ends the shell with its reason.
if [ "$mode" = exec ]; then exec 5< /dev/null; else exec 5< "$path"; fi
(
  while read -r line; do :; done <&3
  kill "$$"
) 5<&- > /dev/null 2>&1 &
guard=$!
# Two may want the end at once, this guard and the agent, and a signal that comes while a trap
# runs may end that trap, so that each begins with the reader's end. $! names the reader from
# the moment it exists, a variable only a command later. TERM would not do: a child of the
# shell that has yet to drop its parent's traps swallows it.
leave='kill -KILL "$!" 2> /dev/null; kill "$guard" 2> /dev/null'
# shellcheck disable=SC2064 # the text is constant; what is in it expands when the trap runs
trap "$leave" EXIT
# shellcheck disable=SC2064
trap "$leave; exit 0" HUP INT TERM

# dd read(2)s, and writes what it got at once. busybox's cat would splice(2), which cuts
# lines of trace_pipe into pieces and loses bytes of them without a word.
# A command of the user's: in a session of its own where that can be had, so that its end takes
# along what it started.
if [ "$mode" = exec ]; then
  own=
  command -v setsid > /dev/null 2>&1 && own=setsid
  # shellcheck disable=SC2064
  trap "kill -KILL -\"\$!\" 2> /dev/null; $leave" EXIT
  # shellcheck disable=SC2064
  trap "kill -KILL -\"\$!\" 2> /dev/null; $leave; exit 0" HUP INT TERM
  # shellcheck disable=SC2016,SC2086
  $own sh -c '
    printf "rvpanel-stream 1 %s %s\n" "$1" "$$"
    exec 2>&1
    eval "$2"
  ' sh "$$" "$path" <&5 3<&- 5<&- &
  wait "$!"
  exit 0
fi

sh -c '
  printf "rvpanel-stream 1 %s %s\n" "$1" "$$"
  [ "$2" = kmsg ] && printf "uptime %s\nnewest %s\n" "$3" "$4"
  exec dd bs=65536 2> /dev/null
' sh "$$" "$mode" "$uptime" "$newest" <&5 3<&- 5<&- &
wait "$!"
status=$?

# Where the kernel overwrites its log faster than it is read, read(2) says EPIPE once and
# then goes on with what is left; the numbers of the records tell how many are gone.
# The empty line ends a half record, and fails when there is nobody to write to.
while [ "$mode" = kmsg ] && [ "$status" = 1 ] && echo; do
  sh -c '
    printf "rvpanel-stream 1 %s %s\n" "$1" "$$"
    exec dd bs=65536 2> /dev/null
  ' sh "$$" <&5 3<&- 5<&- &
  wait "$!"
  status=$?
done
