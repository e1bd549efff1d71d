# Prints what is on a host, one fact a line, without a word of the product's. Paths that a system changes by itself are
# left out by name:
left_out='
/var/lib/apt/lists              what a mirror offers
/var/lib/dpkg/lock              dpkg takes them, and keeps yesterday beside today
/var/lib/dpkg/lock-frontend
/var/lib/dpkg/status-old
/var/lib/dpkg/diversions-old
/var/lib/dpkg/statoverride-old
/var/lib/dpkg/triggers/Lock
/var/lib/rancher/k3s/server/db  what a living cluster writes down: its database, its containers and pods
/var/lib/etcd
/var/lib/rancher/k3s/agent/containerd
/var/lib/containerd
/var/lib/kubelet
/var/lib/cni
/var/lib/sudo                   who was lectured: the trace of a login
/var/lib/systemd/random-seed    saved at every stop
/var/lib/systemd/timers         when a timer fired
/var/lib/systemd/timesync       what time it was
'
export LC_ALL=C

prune=$(printf '%s' "$left_out" | while read -r path _; do [ -z "$path" ] || printf ' -path %s -o' "$path"; done)
# shellcheck disable=SC2086 # several words
everything() { find /etc /usr/local /var/lib \( ${prune% -o} \) -prune -o "$@"; }

everything -printf 'path %p %y %m %u %g %l\ttime %T@\n'
everything -type f -print0 | xargs -0 sha256sum | sed 's/^/content /'
dpkg-query -W -f 'package ${Package} ${Version} ${db:Status-Status}\n'
systemctl list-unit-files --no-legend | awk '{ print "unit", $1, $2 }'
# Started by a question on the bus, and gone half a minute later; and what tidies up once a day.
systemctl list-units --state=active,failed --type=service,socket,timer,mount,swap --plain --no-legend |
  awk '$1 !~ /^systemd-(hostnamed|localed|tmpfiles-clean)\.service$/ { print "active", $1, $3, $4 }'
systemctl show '*' -p Id,NeedDaemonReload | awk -F= '$1 == "Id" { id = $2 } /^NeedDaemonReload=yes/ { print "stale", id }'
# Pods come and go with mounts of their own.
awk '{ for (i = 7; $i != "-"; i++) ; print "mount", $5, $6, $(i + 1), $(i + 2) }' /proc/self/mountinfo |
  grep -v -e ' /run/k3s/' -e ' /run/netns/' -e ' /var/lib/kubelet/'
sed 's/^/swap /' /proc/swaps
echo "hostname $(hostname)"
for name in net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables; do
  echo "sysctl $name $(sysctl -n "$name" 2>/dev/null)"
done
