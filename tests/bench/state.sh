# What the job should have brought about, as text that is the same whoever did it. Run on a node, not by a tested tool.
for file in /etc/modules-load.d/k8s.conf /etc/sysctl.d/99-k8s.conf /etc/containerd/config.toml /etc/rancher/k3s/config.yaml \
  /etc/systemd/system/demo.service; do
  sha256sum "$file"
done
stat -c '%a %U %G %n' /etc/modules-load.d/k8s.conf /etc/sysctl.d/99-k8s.conf /etc/containerd/config.toml \
  /etc/rancher/k3s/config.yaml /etc/systemd/system/demo.service /etc/containerd /etc/rancher/k3s
grep -E '^10\.9\.0\.' /etc/hosts | sort
grep -cE '^[^#].*\sswap\s' /etc/fstab
cat /proc/sys/net/ipv4/ip_forward
dpkg-query -W -f '${Package} ${db:Status-Abbrev} ${Version}\n' conntrack socat ebtables ethtool
systemctl show -p ActiveState,UnitFileState demo
