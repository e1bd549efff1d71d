# Written by provision: modules loaded at boot, see modules-load.d(5).
<#list modules as module>
${module}
</#list>
