# Written by provision from the inventory; changes made here are undone.
# k3s has the kubelet merge it over 00-k3s-defaults.conf: maps are merged, lists are replaced.
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
${settings}
