# The far end of a serial line: runs the panel's scripts (agent.sh, stream.sh) as they are,
# and carries what they say over a line that loses bytes and that the kernel's console
# writes into. It needs what login.ts has looked for.
#
# Before it: $conn, the number of this connection; $agent and $stream, the scripts;
# encode and summing, functions; $saved, what stty said of the terminal, or nothing.
#
# A line from the panel is "CONN CHECK SEQ VERB ARGUMENTS". It acts once, and is answered
# each time it comes. CHECK repeats the rest with dots for blanks; of verb w, whose data is
# long, it is their checksum. A frame to the panel is STX "CONN LENGTH CHECK BODY" ETX, the
# check of the same two kinds.
#
# Output of a script goes in chunks, one in flight for each script, each sent when the panel
# asks for it, and again, whole or in part, as often as it asks.

LC_ALL=C
export LC_ALL
PATH=${PATH:-/bin}:/usr/bin:/bin:/usr/sbin:/sbin
set -f
unset IFS
last=0
lease=
dir=

say() {
  body="$*"
  IFS=.
  check="$*"
  unset IFS
  printf '\002%s %s %s %s\003' "$conn" "${#body}" "$check" "$body"
}

# Sets $check.
digest() {
  set -- $(printf %s "$1" | summing)
  check=$1
}

fifo() {
  mkfifo -m 600 "$1" 2> /dev/null || mknod -m 600 "$1" p 2> /dev/null
}

# A folder for the names of pipes, which are needed only until both ends are open.
# /dev is there where all else is read-only or full.
for base in "${TMPDIR:-/tmp}" /run /dev/shm /var/tmp /dev; do
  if mkdir -m 700 "$base/rvpanel.$$" 2> /dev/null; then
    dir=$base/rvpanel.$$
    fifo "$dir/try" && rm -f "$dir/try" && break
    rmdir "$dir" 2> /dev/null
    dir=
  fi
done

# send CHANNEL FROM COUNT PER: lines of $text, PER of them in a frame of less than a thousand
# bytes, so that it is one write(2), which another process's frame cannot come into.
send() {
  channel=$1 at=$2 end=$(($2 + $3)) per=$4 line=0 part=
  set -- $text
  [ "$end" -gt "$at" ] && [ "$end" -le "$#" ] || end=$#
  if [ "$#" = 0 ]; then
    part_frame 0
    return
  fi
  total=$#
  for word; do
    line=$((line + 1))
    [ "$line" -gt "$at" ] || continue
    part=$part,$word
    if [ "$((line - at))" = "$per" ] || [ "$line" = "$end" ]; then
      part_frame "$total"
      part= at=$line
      [ "$line" -lt "$end" ] || break
    fi
  done
}

part_frame() {
  frame="c $channel $chunk $at $((line - at)) $1 $part"
  digest "$frame"
  printf '\002%s %s %s %s\003' "$conn" "${#frame}" "$check" "$frame"
}

# fill CHANNEL: a script's output on standard input; what the panel asks for on 6. That it
# waits there, and has nothing else to do, its descriptor 9 shows (see ready).
fill() {
  chunk=0
  text=
  while IFS=' ' read -r want size from count per <&6 9< /dev/null; do
    if [ "$want" = "$((chunk + 1))" ]; then
      text=$(
        exec 6<&- 7>&-
        dd bs="$size" count=1 2> /dev/null | encode
      )
      chunk=$want from=0 count=0
    elif [ "$want" != "$chunk" ]; then
      continue
    fi
    send "$1" "$from" "$count" "$per"
  done
}

# launch CHANNEL SCRIPT [FIRST-LINE]: the script's input is 3 here, or what the worker
# holds open as its 7 after the first line.
launch() {
  at=$dir/$1.$seq
  fifo "$at.in" && fifo "$at.out" && fifo "$at.ask" || return 1
  eval "exec $1<> \"\$at.ask\""
  [ "$1" = 4 ] && exec 3<> "$at.in"
  (
    trap - HUP INT TERM
    exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    exec 6< "$at.ask"
    if [ "$1" != 4 ]; then
      exec 7<> "$at.in"
      printf '%s\n' "$3" >&7
    fi
    exec 8< "$at.in"
    sh -c "$2" <&8 > "$at.out" 2> /dev/null 6<&- 7>&- 8<&- &
    exec < "$at.out" 8<&-
    rm -f "$at.in" "$at.out" "$at.ask"
    fill "$1"
  ) < /dev/null &
  eval "pid$1=$!"
}

ready() {
  [ -n "$1" ] && [ -e "/proc/$1/fd/9" ]
}

# A channel's worker may be waiting for a quiet file: it is ended by force, and its script
# then by the end of its input. The agent's ends by itself when the agent has put things back.
shut() {
  eval "pid=\${pid$1:-}; pid$1=; exec $1>&-"
  [ -n "$pid" ] && [ "$1" != 4 ] && kill -KILL "$pid" 2> /dev/null
}

leave() {
  trap '' HUP INT TERM PIPE
  exec 3>&-
  for channel in 4 5 6 7 8 9; do shut "$channel"; done
  [ -n "$lease" ] && kill -TERM "$lease" 2> /dev/null
  lease=
  [ -n "$dir" ] && rm -rf "$dir"
  dir=
  [ -n "$saved" ] && stty "$saved" 2> /dev/null
  saved=
}

# act VERB ARGUMENTS: sets $reply.
act() {
  reply=ok
  case $1 in
    p)
      reply=r
      for channel in 4 5 6 7 8 9; do
        eval "pid=\${pid$channel:-}"
        ready "$pid" && reply=$reply$channel
      done
      ;;
    a)
      eval "pid=\${pid$2:-}"
      if ready "$pid"; then
        printf '%s %s %s %s %s\n' "$3" "$4" "$5" "$6" "$7" >&"$2"
      else
        reply=busy
      fi
      ;;
    o)
      if launch "$2" "exec 2>&1;$stream" "$3 $4"; then eval "reply=\$pid$2"; else reply=no; fi
      ;;
    s) shut "$2" ;;
    x) exec 3>&- ;;
    i) reply=i$$.$pid4 ;;
    q) ;;
    *) reply=no ;;
  esac
}

nap() {
  sleep "$1" &
  while kill -0 "$!"; do wait "$!"; done
}

trap leave EXIT
trap 'leave; exit 0' HUP INT TERM
trap '' PIPE
if [ -z "$dir" ]; then
  say x folder
  exit 0
fi
seq=0
if ! launch 4 "$agent"; then
  say x fifo
  exit 0
fi

# Without a line for a while the panel is gone, for a serial line has no hang-up. The lease
# greets for us: before its trap is set the next line's USR1 would kill it.
trap - HUP INT TERM
(
  trap 'fresh=1' USR1
  trap 'kill -KILL "$!" 2> /dev/null; exit 0' TERM
  trap '' INT HUP
  exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- < /dev/null
  say h "$$" "$pid4"
  exec > /dev/null 2>&1
  while :; do
    fresh=
    nap 12
    [ -n "$fresh" ] || break
  done
  kill -TERM "$$"
) &
lease=$!
trap 'leave; exit 0' HUP INT TERM

while IFS=' ' read -r id given seq verb rest; do
  case $id in
    "$conn") ;;
    # What the panel says to the far end of an earlier one, which is in its way.
    rvpanel-leave) break ;;
    *) continue ;;
  esac
  if [ "$verb" = w ]; then
    digest "$seq w $rest"
  else
    set -- "$seq" "$verb" $rest
    IFS=.
    check="$*"
    unset IFS
  fi
  if [ "$given" != "$check" ]; then
    say n
    continue
  fi
  kill -USR1 "$lease" 2> /dev/null
  if [ "$seq" = "$((last + 1))" ]; then
    last=$seq
    if [ "$verb" = w ]; then
      printf %b "$rest" >&3
      # The panel may have said it in a shorter form meanwhile.
      reply=${#rest}
    else
      shift
      act "$@"
    fi
  fi
  [ "$seq" = "$last" ] && say a "$seq" "$reply"
  [ "$verb" = q ] && break
done
exit 0
