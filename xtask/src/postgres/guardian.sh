# Ends a cluster when its owner is gone: standard input is a pipe from the owner, and it ends however the owner does.
trap '' HUP INT TERM
cat >/dev/null 2>&1
folder=$1
pid_file=$folder/server/data/postmaster.pid
pid=$(head -n 1 "$pid_file" 2>/dev/null)
if [ -n "$pid" ]; then
  # the number may belong to another process by now: its command line must name this cluster
  if [ -d /proc/self ]; then
    line=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)
  else
    line=$(ps -o args= -p "$pid" 2>/dev/null)
  fi
  case $line in
  *"$folder/server/data"*)
    kill -QUIT "$pid" 2>/dev/null
    tries=0
    while [ -e "$pid_file" ] && [ "$tries" -lt 100 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    ;;
  esac
fi
rm -rf "$folder"
