# Written by provision from the inventory; changes made here are undone.
apiVersion: kubeadm.k8s.io/v1beta4
kind: UpgradeConfiguration
apply:
  kubernetesVersion: ${version}
  imagePullPolicy: IfNotPresent
<@rest/>
node:
  imagePullPolicy: IfNotPresent
<#if settings>
  certificateRenewal: false
  etcdUpgrade: false
  skipPhases: [addon]
</#if>
<@rest/>
<#macro rest>
  patches:
    directory: ${patches}
<#if ignored?has_content>
  ignorePreflightErrors:
<#list ignored as check>
    - "${check}"
</#list>
</#if>
</#macro>
