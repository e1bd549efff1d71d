# Written by provision from the inventory; changes made here are undone.
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
${settings}
