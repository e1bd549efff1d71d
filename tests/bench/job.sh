# The job by hand: what somebody would write who knows the hosts and wants it done. Sent over `ssh HOST sudo sh -s NAME ADDRESS`.
set -e
name=$1 address=$2
[ "$(tail -n +2 /proc/swaps | wc -l)" = 0 ] || swapoff -a
sed -i -E 's/^([^#].*\sswap\s.*)$/# \1/' /etc/fstab
cat >/etc/modules-load.d/k8s.conf <<'FILE'
# Written by provision: modules loaded at boot, see modules-load.d(5).
overlay
br_netfilter
FILE
cat >/etc/sysctl.d/99-k8s.conf <<'FILE'
# Written by provision: kernel parameters set at boot, see sysctl.d(5).
net.bridge.bridge-nf-call-iptables = 1
net.ipv4.ip_forward = 1
FILE
sysctl -q -p /etc/sysctl.d/99-k8s.conf || true
for n in 1 2 3; do
  grep -qx "10.9.0.$n node$n" /etc/hosts || echo "10.9.0.$n node$n" >>/etc/hosts
done
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends conntrack socat ebtables ethtool >/dev/null
mkdir -p /etc/containerd /etc/rancher/k3s
printf 'version = 2\nroot = "/var/lib/%s"\n' "$name" >/etc/containerd/config.toml
(umask 077 && printf 'node-ip: %s\n' "$address" >/etc/rancher/k3s/config.yaml)
printf '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/demo.service
systemctl daemon-reload
systemctl enable -q --now demo
