<#list hosts as host>
${host.address} ${host.names?join(" ")}
</#list>
