# The panel's agent on a target: one POSIX shell, fed through its standard input.
# It needs a shell with printf and read built in, and od, dd, mkdir, rmdir, id, sleep.
#
# A request is one line: NUMBER OPERATION ARGUMENTS, parted by single blanks.
# Data and absolute paths come as .\0NNN\0NNN... (octal for printf %b), so that
# the shell never interprets them; other paths are relative to the tracefs root, and
# those of parameters (MODULE/parameters/NAME) to /sys/module.
# A reply is lines of hexadecimal bytes, then ".NUMBER ok"; or, after a line "!"
# that takes back the bytes before it, the error's text in the same form and
# ".NUMBER err".
#
# Whatever ends the agent (end of input, a signal, its lease), its traps put the
# target back.

LC_ALL=C
export LC_ALL
PATH=${PATH:-/bin}:/usr/bin:/bin:/usr/sbin:/sbin
root=
modules=/sys/module
plan=
next=
children=
lease=
newline='
'

bytes() {
  od -An -v -tx1 "$@"
}

# fetch FILE LIMIT, in a subshell of its own. busybox's od does not say why a folder
# cannot be read.
fetch() {
  if [ -d "$1" ]; then
    echo 'Is a directory' >&2
    return 1
  fi
  exec od -An -v -tx1 -N "$2" "$1"
}

# gather MARK LIMIT PATH...: the files below the root in one go, since to start a program
# takes a slow target a tenth of a second. After each the file MARK, whose bytes the panel
# knows; in place of what is no readable file, one that the panel then asks for by itself.
gather() {
  mark=$1
  limit=$2
  shift 2
  for path; do
    shift
    file=$root/$path
    [ -f "$file" ] && [ -r "$file" ] || file=/proc/sys/kernel/ostype
    set -- "$@" "$file" "$mark"
  done
  exec od -An -v -tx1 -N "$limit" "$@"
}

# The value of a file as restore steps have it: trimmed lines; of reactors, the one in brackets.
value() {
  value=
  [ -f "$1" ] && [ -r "$1" ] || return 1
  while read -r line || [ -n "$line" ]; do
    value=$value${value:+$newline}$line
  done < "$1"
  case $1 in
    */reactors)
      value=${value#*\[}
      value=${value%%\]*}
      ;;
  esac
}

# put MODE FILE DATA. dd gathers its input, so that the file sees one write(2).
put() {
  if [ ! -e "$2" ]; then
    echo 'No such file or directory' >&2
    return 1
  fi
  case $1 in
    truncate) printf %b "${3#.}" | dd obs=65536 > "$2" ;;
    append) printf %b "${3#.}" | dd obs=65536 >> "$2" ;;
  esac
}

list() {
  if [ ! -d "$1" ]; then
    [ -e "$1" ] && echo 'Not a directory' >&2 || echo 'No such file or directory' >&2
    return 1
  fi
  for entry in "$1"/*; do
    if [ -d "$entry" ]; then
      printf 'd %s\n' "${entry##*/}"
    elif [ -e "$entry" ]; then
      printf 'f %s\n' "${entry##*/}"
    fi
  done | bytes
}

tasks() {
  for task in /proc/[0-9]*/task/[0-9]*; do
    group=${task#/proc/}
    { IFS= read -r comm < "$task/comm"; } 2> /dev/null &&
      printf '%s %s %s\n' "${task##*/}" "${group%%/*}" "$comm"
  done | bytes
}

fact() {
  if { IFS= read -r line < "$2"; } 2> /dev/null; then
    printf '%s %s\n' "$1" "$line"
  fi
}

info() {
  {
    fact release /proc/sys/kernel/osrelease
    fact host /proc/sys/kernel/hostname
    fact boot /proc/sys/kernel/random/boot_id
    fact cpus /sys/devices/system/cpu/online
    printf 'uid %s\n' "$(id -u)"
    while read -r device folder type options; do
      case $type in
        tracefs | debugfs) printf '%s %s\n' "$type" "$folder" ;;
      esac
    done < /proc/mounts
    printf 'pid %s\n' "$$"
    [ -n "$lease" ] && printf 'lease %s\n' "$lease"
    pid=$PPID
    below=
    while [ "${pid:-0}" -gt 1 ]; do
      parent=
      comm=
      while read -r key word; do
        case $key in
          Name:) comm=$word ;;
          PPid:) parent=$word ;;
        esac
      done < "/proc/$pid/status"
      # A server that waits for connections (sshd of sshd-session, dropbear of dropbear) is
      # everybody's: what it starts later is none of the bridge.
      [ "${parent:-0}" -le 1 ] && [ -n "$comm" ] && [ "$below" != "${below#"$comm"}" ] && break
      printf 'parent %s\n' "$pid"
      below=$comm
      pid=$parent
    done
  } 2> /dev/null | bytes
}

# What the root looks like from here.
probe() {
  if [ ! -e "$root" ]; then
    echo missing
  elif [ ! -d "$root" ] || [ ! -r "$root" ] || [ ! -x "$root" ]; then
    echo unreadable
  elif [ ! -d "$root/rv" ]; then
    echo norv
  elif [ ! -r "$root/rv/available_monitors" ] || [ ! -w "$root/rv/monitoring_on" ]; then
    echo unreadable
  else
    echo ok
  fi | bytes
}

# Whether the agent is at work: then, and only then, it has descriptor 5 (see answer).
is_busy() {
  [ -e "/proc/$$/fd/5" ]
}

nap() {
  sleep "$1" &
  while kill -0 "$!"; do wait "$!"; done
}

# start_lease SECONDS NUMBER: ends the agent when no request came for a while, since a
# link may be dead without having said so. An agent at work cannot see what its panel
# sends meanwhile, so that only one that waits for requests counts as left alone; and
# for a second more, in which it reads what came while it worked. The lease's process
# answers the request itself: until its trap is set, the next request's USR1 would kill it.
# It is born without the agent's traps, since a shell's child that has yet to drop them
# swallows what it gets meanwhile; at this time there is nothing to put back.
start_lease() {
  trap - HUP INT TERM
  (
    trap 'fresh=1' USR1
    # $! is the nap from its first moment on, and KILL is what a nap cannot swallow.
    trap 'kill -KILL "$!" 2> /dev/null; exit 0' TERM
    trap '' INT HUP
    exec 4<&-
    printf '.%s ok\n' "$2"
    exec > /dev/null 2>&1
    while :; do
      fresh=
      nap "$1"
      [ -z "$fresh" ] && ! is_busy && nap 1
      [ -z "$fresh" ] && ! is_busy && break
    done
    kill -TERM "$$"
  ) &
  lease=$!
  trap "$on_signal" HUP INT TERM
}

# Executes the plan; for each step, counted from 0, says what became of it.
restore() {
  step=-1
  printf %s "$plan" | while read -r kind path ours original; do
    step=$((step + 1))
    if [ "$kind" = rmdir ]; then
      tries=0
      while :; do
        if [ ! -d "$root/$path" ]; then
          printf '%s changed\n' "$step"
          break
        elif said=$(rmdir "$root/$path" 2>&1); then
          printf '%s restored\n' "$step"
          break
        elif [ "$tries" -ge 20 ]; then
          printf '%s failed %s\n' "$step" "$said"
          break
        fi
        # hist triggers that have variables hold their instance: opened with O_TRUNC, the
        # file of an event's triggers drops them.
        for file in "$root/$path"/events/rv/*/trigger; do
          [ "$tries" = 0 ] && [ -w "$file" ] && printf "" > "$file"
        done 2> /dev/null
        # A reader of its trace_pipe may be on its way out.
        tries=$((tries + 1))
        [ "$tries" = 1 ] && continue
        sleep 0.1 2> /dev/null || sleep 1
      done
      continue
    fi
    file=$root/$path
    [ "$kind" = parameter ] && file=$modules/$path
    if ! value "$file" || [ "$value" != "$(printf %b "${ours#.}")" ]; then
      printf '%s changed\n' "$step"
    elif said=$(put truncate "$file" "$original" 2>&1); then
      printf '%s restored\n' "$step"
    else
      printf '%s failed %s\n' "$step" "$said"
    fi
  done
}

restored() {
  restore | bytes
}

# May be run again: then nothing is left to do.
leave() {
  trap '' HUP INT TERM PIPE
  for pid in $children; do kill "$pid" 2> /dev/null; done
  children=
  [ -n "$plan" ] && restore > /dev/null 2>&1
  plan=
  [ -n "$lease" ] && kill -TERM "$lease" 2> /dev/null
  lease=
}

# answer NUMBER COMMAND...: runs the command in a subshell and sends its reply.
answer() {
  number=$1
  shift
  { error=$("$@" 2>&1 >&3); status=$?; } 3>&1 5< /dev/null
  if [ "$status" = 0 ]; then
    printf '.%s ok\n' "$number"
  else
    echo '!'
    printf %s "$error" | bytes
    printf '.%s err\n' "$number"
  fi
}

# A second signal may end the EXIT trap before its first command (dash and busybox's ash
# do so), so that exit alone is not enough.
on_signal='leave; exit 0'
trap leave EXIT
trap "$on_signal" HUP INT TERM
trap '' PIPE
exec 4<&0 5<&- < /dev/null
printf 'rvpanel-agent 1 %s\n' "$$"

while IFS=' ' read -r number operation first second third fourth <&4; do
  [ -n "$lease" ] && kill -USR1 "$lease"
  case $operation in
    ping) printf '.%s ok\n' "$number" ;;
    info) answer "$number" info ;;
    root)
      root=$(printf %b "${first#.}")
      answer "$number" probe
      ;;
    lease) start_lease "$first" "$number" ;;
    # One byte more than the panel takes, so that it sees a file that is too long.
    read) answer "$number" fetch "$root/$first" "$second" ;;
    # shellcheck disable=SC2086 # paths have no blanks and no patterns
    reads) answer "$number" gather /proc/sys/kernel/random/boot_id "$first" $second $third $fourth ;;
    write) answer "$number" put "$first" "$root/$second" "$third" ;;
    modules)
      modules=$(printf %b "${first#.}")
      printf '.%s ok\n' "$number"
      ;;
    get) answer "$number" fetch "$modules/$first" "$second" ;;
    set) answer "$number" put truncate "$modules/$first" "$second" ;;
    list) answer "$number" list "$root/$first" ;;
    mkdir) answer "$number" mkdir "$root/$first" ;;
    rmdir) answer "$number" rmdir "$root/$first" ;;
    tasks) answer "$number" tasks ;;
    plan)
      next=
      printf '.%s ok\n' "$number"
      ;;
    step)
      next=$next"$first $second $third $fourth$newline"
      printf '.%s ok\n' "$number"
      ;;
    commit)
      plan=$next
      printf '.%s ok\n' "$number"
      ;;
    restore)
      answer "$number" restored
      plan=
      ;;
    child)
      children="$children $first"
      printf '.%s ok\n' "$number"
      ;;
    gone)
      kept=
      for pid in $children; do [ "$pid" = "$first" ] || kept="$kept $pid"; done
      children=$kept
      printf '.%s ok\n' "$number"
      ;;
    *) answer "$number" false ;;
  esac
done
