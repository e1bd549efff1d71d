# Written by provision from the inventory; changes made here are undone.
# kube-proxy reads no flags beside it: what k3s says by flags stands here as well.
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
${settings}
