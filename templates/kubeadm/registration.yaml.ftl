nodeRegistration:
  name: "${name}"
  criSocket: ${socket}
  imagePullPolicy: IfNotPresent
  # taints are those of the inventory, which are set on the node
  taints: []
  kubeletExtraArgs:
    - name: node-ip
      value: "${address}"
<#if ignored?has_content>
  ignorePreflightErrors:
<#list ignored as check>
    - "${check}"
</#list>
</#if>
