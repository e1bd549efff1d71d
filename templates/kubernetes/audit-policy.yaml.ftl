# Written by provision from the inventory; changes made here are undone.
apiVersion: audit.k8s.io/v1
kind: Policy
<#if own?has_content>
${own}
<#else>
# Who did what to which object and when, also where it was refused; never what was in it, so that no
# Secret, ConfigMap or token of a service account reaches the log.
omitStages: [RequestReceived]
rules:
  # asked every few seconds, by machines
  - level: None
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"]
  - level: None
    resources:
      - group: coordination.k8s.io
        resources: [leases]
  # a log of their own
  - level: None
    resources:
      - group: ""
        resources: [events]
      - group: events.k8s.io
        resources: [events]
  - level: Metadata
</#if>
