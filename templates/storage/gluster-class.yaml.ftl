<#-- One provisioner for one class: its own name and config map, beside whatever k3s brings. -->
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch, create, patch, update, delete]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${name}
subjects:
  - kind: ServiceAccount
    name: ${name}
    namespace: ${namespace}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: provision:${name}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
rules:
  - apiGroups: [""]
    resources: [nodes, persistentvolumeclaims, configmaps, pods, pods/log]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: [persistentvolumes]
    verbs: [get, list, watch, create, patch, update, delete]
  - apiGroups: [""]
    resources: [events]
    verbs: [create, patch]
  - apiGroups: [storage.k8s.io]
    resources: [storageclasses]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: provision:${name}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: provision:${name}
subjects:
  - kind: ServiceAccount
    name: ${name}
    namespace: ${namespace}
---
# sharedFileSystemPath: the same directory on every node, so no claim is bound to a node.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
data:
  config.json: |
    {"nodePathMap": [], "sharedFileSystemPath": "${mount}"}
  setup: |
    #!/bin/sh
    set -eu
    [ -f "$(dirname "$VOL_DIR")/${sentinel}" ] || { echo "the volume is not mounted here" >&2; exit 1; }
    mkdir -m 0777 -p "$VOL_DIR"
  teardown: |
    #!/bin/sh
    set -eu
    rm -rf "$VOL_DIR"
  helperPod.yaml: |
    apiVersion: v1
    kind: Pod
    metadata:
      name: helper-pod
    spec:
      priorityClassName: system-node-critical
      tolerations:
        - key: node.kubernetes.io/disk-pressure
          operator: Exists
          effect: NoSchedule
      containers:
        - name: helper-pod
          image: ${helperImage}
          imagePullPolicy: IfNotPresent
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: gluster-provisioner
      app.kubernetes.io/instance: ${label}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: gluster-provisioner
        app.kubernetes.io/instance: ${label}
      annotations:
        # a pod that started with another configuration is another pod
        provision.io/config: "${configDigest}"
    spec:
      serviceAccountName: ${name}
      priorityClassName: system-cluster-critical
      containers:
        - name: provisioner
          image: ${provisionerImage}
          imagePullPolicy: IfNotPresent
          command:
            - local-path-provisioner
            - start
            - --config=/etc/config/config.json
            - --service-account-name=${name}
            - --provisioner-name=${provisioner}
            - --configmap-name=${name}
            - --helper-image=${helperImage}
          env:
            - name: POD_NAMESPACE
              valueFrom:
                fieldRef:
                  apiVersion: v1
                  fieldPath: metadata.namespace
            - name: CONFIG_MOUNT_PATH
              value: /etc/config/
          volumeMounts:
            - name: config
              mountPath: /etc/config/
      volumes:
        - name: config
          configMap:
            name: ${name}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: ${storageClass}
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: gluster-storage
    app.kubernetes.io/instance: ${label}
  annotations:
    storageclass.kubernetes.io/is-default-class: "${isDefault}"
provisioner: ${provisioner}
reclaimPolicy: Delete
volumeBindingMode: Immediate
