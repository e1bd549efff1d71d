<#-- What we set in the published manifest: maps are merged, containers and variables by their name, other lists are appended to. -->
apiVersion: v1
kind: ConfigMap
metadata:
  name: kube-flannel-cfg
  namespace: kube-flannel
data:
  net-conf.json: |
    {
<#if ipv6>
      "EnableIPv4": false,
      "EnableIPv6": true,
      "IPv6Network": "${pods}",
<#else>
      "Network": "${pods}",
</#if>
      "EnableNFTables": ${nftables?c},
      "Backend": {
        "Type": "vxlan"
      }
    }
---
# The address that the kubelet registered its node with is the way to the others: without it flannel
# takes the interface of the default route, which under Vagrant is the same address on every machine.
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-flannel-ds
  namespace: kube-flannel
spec:
  template:
    spec:
      containers:
        - name: kube-flannel
          args:
            - --iface=$(NODE_ADDRESS)
          env:
            - name: NODE_ADDRESS
              valueFrom:
                fieldRef:
                  fieldPath: status.hostIP
