apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
