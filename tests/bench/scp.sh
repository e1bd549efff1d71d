#!/bin/sh
# A file to many hosts by one scp each, all at once: the floor of what is sent in bulk.
#
# usage: scp.sh KEY KNOWN_HOSTS FILE PATH USER@HOST...
set -eu
key=$1 known=$2 file=$3 path=$4
shift 4
pids=
for host do
  scp -q -i "$key" -o "UserKnownHostsFile=$known" -o BatchMode=yes -o StrictHostKeyChecking=yes "$file" "$host:$path" </dev/null &
  pids="$pids $!"
done
failed=0
for pid in $pids; do
  wait "$pid" || failed=1
done
exit "$failed"
