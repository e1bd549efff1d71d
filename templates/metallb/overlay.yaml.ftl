<#-- What we set in the published manifest: maps are merged, containers by their name, other lists are appended to, and null takes a key out. -->
# Their own probe is content before the webhook listens, without which no pool can be made.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: controller
  namespace: metallb-system
spec:
  template:
    spec:
      containers:
        - name: controller
          readinessProbe:
            httpGet: null
            tcpSocket:
              port: 9443
<#if ignoresExclusion>
---
# kubeadm's label keeps control planes from announcing, and here there is no other node.
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: speaker
  namespace: metallb-system
spec:
  template:
    spec:
      containers:
        - name: speaker
          args:
            - --ignore-exclude-lb
</#if>
