<#-- One pool of all ranges: a service may ask for an address of its own, else it gets the first that is free. -->
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  name: default
  namespace: metallb-system
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: metallb
spec:
  addresses:
<#list addresses as range>
    - "${range}"
</#list>
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata:
  name: default
  namespace: metallb-system
  labels:
    app.kubernetes.io/managed-by: provision
    app.kubernetes.io/part-of: metallb
spec:
  ipAddressPools:
    - default
