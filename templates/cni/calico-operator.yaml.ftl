<#-- What we set in the published manifest: maps are merged, containers by their name, other lists are appended to. -->
# The definitions are applied before the operator is, from the file that is pinned beside its own:
# of two who set them neither would ever be done. The last of two flags holds.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tigera-operator
  namespace: tigera-operator
spec:
  template:
    spec:
      containers:
        - name: tigera-operator
          args:
            - -manage-crds=false
