# Written by provision from the inventory; changes made here are undone.
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
# nobody joins by this token: one is made for each who does
bootstrapTokens:
  - ttl: 1m0s
localAPIEndpoint:
  advertiseAddress: "${address}"
  bindPort: ${port?c}
${registration}
patches:
  directory: ${patches}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: "${cluster}"
kubernetesVersion: ${version}
controlPlaneEndpoint: "${endpoint}:${port?c}"
networking:
  podSubnet: "${pods}"
  serviceSubnet: "${services}"
  dnsDomain: ${domain}
apiServer:
<#if options?has_content>
  extraArgs:
<#list options as name, value>
    - name: "${name}"
      value: "${value}"
</#list>
  extraVolumes:
<#list readable as name, path>
    - name: "${name}"
      hostPath: "${path}"
      mountPath: "${path}"
      readOnly: true
      pathType: Directory
</#list>
<#list writable as name, path>
    - name: "${name}"
      hostPath: "${path}"
      mountPath: "${path}"
      pathType: Directory
</#list>
</#if>
  certSANs:
<#list names as name>
    - "${name}"
</#list>
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
${kubelet}
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
${proxy}
