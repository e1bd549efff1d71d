<#-- type Directory: where the volume is not mounted, the path is not there and the pod waits. -->
apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
spec:
  capacity:
    storage: "${size}"
  accessModes:
<#list accessModes as mode>
    - ${mode}
</#list>
  persistentVolumeReclaimPolicy: Retain
  storageClassName: "${storageClass}"
  volumeMode: Filesystem
  hostPath:
    path: ${path}
    type: Directory
<#if hosts?has_content>
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions:
            - key: kubernetes.io/hostname
              operator: In
              values:
<#list hosts as host>
                - ${host}
</#list>
</#if>
