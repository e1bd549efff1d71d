# shellcheck shell=bash disable=SC2034 # variables are used by those who source this
# What the scripts of the lab share. Progress goes to stderr: stdout is what the caller asked for.

state=${XDG_STATE_HOME:-$HOME/.local/state}/provision
name=${PROVISION_LAB_NAME:-provision-lab} # the network's name, and the beginning of every node's
lab=$state/${name#provision-}
label=org.provision.lab=$name # by which all that belongs to the lab is found again

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
  say "$*"
  exit 1
}
