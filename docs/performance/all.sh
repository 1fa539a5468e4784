#!/bin/sh
# Measures everything again, draws the plots, and puts the tables into docs/performance.md. About three quarters of an hour; leave the
# machine alone meanwhile. Options go to all scripts: --quick to see that all of them work, --out DIR for another folder.
# Ctrl-C ends it and what it has started.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

case ${1-} in
  --help | -h)
    sed -n '2,4s/^# //p' "$0"
    exit 0
    ;;
esac

failed=''
# One that fails leaves its last table, and the others go on.
run() {
  script=$1
  shift
  printf '\n%s %s\n' "$(date +%T)" "$script $*" >&2
  "$here/$script" "$@" || failed="$failed $script"
}
trap 'exit 130' INT
trap 'exit 143' TERM

run rest.py "$@"
run compare.py --rounds 3 --seconds 2 "$@" requests
run compare.py --rounds 2 --seconds 2 "$@" bulk
run compare.py --rounds 1 --seconds 3 "$@" idle
run links.py --rounds 2 "$@"
run streams.py --seconds 2 "$@"
run flat.py --seconds 2 "$@"
run idle.py "$@"
run jmh.py "$@"
run flame.py --side server --work small "$@"
run flame.py --side client --work bulk "$@"
run plot.py "$@"
run page.py "$@"
printf '\n%s done\n' "$(date +%T)" >&2
if [ -n "$failed" ]; then
  printf 'failed:%s\n' "$failed" >&2
  exit 1
fi
