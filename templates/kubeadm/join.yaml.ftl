# Written by provision from the inventory; changes made here are undone. The token, which lives for
# minutes, and the digest of the cluster's authority are put in when the node joins.
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery:
  bootstrapToken:
    apiServerEndpoint: "${endpoint}:${port?c}"
    token: "__TOKEN__"
    caCertHashes:
      - "__AUTHORITY__"
<#if server>
controlPlane:
  localAPIEndpoint:
    advertiseAddress: "${address}"
    bindPort: ${port?c}
</#if>
${registration}
patches:
  directory: ${patches}
