# Written by provision: kernel parameters set at boot, see sysctl.d(5).
<#list values as key, value>
${key} = ${value}
</#list>
