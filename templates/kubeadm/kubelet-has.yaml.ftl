# Written by provision: what the kubelet of this node was given last.
${settings}
