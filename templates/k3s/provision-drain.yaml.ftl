# Written by provision; changes made here are undone.
apiVersion: v1
kind: ServiceAccount
metadata: { name: provision-drain, namespace: kube-system }
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: provision-drain }
rules:
  - { apiGroups: [""], resources: [nodes], verbs: [get, list, patch] }
  - { apiGroups: [""], resources: [pods], verbs: [get, list] }
  - { apiGroups: [""], resources: [pods/eviction], verbs: [create] }
  - { apiGroups: [apps], resources: [daemonsets], verbs: [get, list] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: provision-drain }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: provision-drain }
subjects:
  - { kind: ServiceAccount, name: provision-drain, namespace: kube-system }
