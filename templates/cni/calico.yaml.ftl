<#-- The pool is ours and not its operator's ('ipPools: []' says so): that one changes a pool only by Calico's own API server, which nothing here needs. -->
apiVersion: crd.projectcalico.org/v1
kind: IPPool
metadata:
  name: default-ipv${ipv6?then("6", "4")}-ippool
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: calico
spec:
  cidr: "${pods}"
  blockSize: ${ipv6?then(122, 26)}
  vxlanMode: Always
  ipipMode: Never
  natOutgoing: true
  disabled: false
  nodeSelector: all()
  allowedUses: [Workload, Tunnel]
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: calico
spec:
  variant: Calico
  calicoNetwork:
    ipPools: []
    bgp: Disabled
    linuxDataplane: ${nftables?then("Nftables", "Iptables")}
<#if mtu?has_content>
    mtu: ${mtu}
</#if>
    # What the kubelet registered its node with: found by itself, Calico would take the interface
    # of the default route, which under Vagrant has the same address on every machine.
    nodeAddressAutodetectionV${ipv6?then("6", "4")}:
      kubernetes: NodeInternalIP
<#if forwarding>
    # k3s' own load balancer forwards in its pods (docs.k3s.io/networking/basic-network-options).
    containerIPForwarding: Enabled
</#if>
  # Both are for the application layer policy alone, and an image each.
  flexVolumePath: None
  kubeletVolumePluginPath: None
