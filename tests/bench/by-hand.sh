#!/usr/bin/env bash
# The job written by hand, on all hosts at once: one OpenSSH process a host.
# usage: by-hand.sh KEY USER NAME=ADDRESS...
key=$1 user=$2; shift 2; dir=$(dirname "$0")
pids=()
for host in "$@"; do
  ssh -o LogLevel=ERROR -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i "$key" \
    "$user@${host#*=}" "sudo sh -s ${host%%=*} ${host#*=}" <"$dir/job.sh" >/dev/null &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
